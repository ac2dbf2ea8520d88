// Tests that show statements of spec/websocket-api.md §9 to §11: throttling, logs, metrics, deployments, stages, quotas.
import type { Elsewhere } from './elsewhere.ts';
import { testsOf } from './tied.ts';

const throttling = testsOf('test/end-to-end/websocket/throttling.test.ts');
const logs = testsOf('test/end-to-end/websocket/logs.test.ts');
const accessLog = testsOf('test/end-to-end/websocket/event-logs.test.ts');
const executionLog = testsOf('test/end-to-end/websocket/execution-log.test.ts');
const metrics = testsOf('test/end-to-end/websocket/metrics.test.ts');
const deployments = testsOf('test/end-to-end/websocket/deployments.test.ts');
const quotas = testsOf('test/end-to-end/websocket/quotas.test.ts');
const management = testsOf('test/end-to-end/management/websocket-apis.test.ts');
const apis = testsOf('test/end-to-end/websocket/apis.test.ts');
const ends = testsOf('test/end-to-end/websocket/ends.test.ts');

export const webSocketStageElsewhere: readonly Elsewhere[] = [
  throttling('connects, messages and @connections of all APIs', '9.1.1; 9.1.3; 9.1.4'),
  throttling('a connect without $connect route', '9.1.3'),
  throttling('each route has a bucket of its own', '9.1.2; 9.2 setting: throttling; 9.2-1'),
  testsOf('src/stage/throttle.test.ts')('an account has one bucket a region', '9.1.1'),
  testsOf('src/stage/throttle.test.ts')('the numbers of a route', '9.1.2'),
  logs('a throttled message gets an error frame', '9.1.4; 9.1.5; 9.2-1'),
  executionLog(
    'what is sent and received by each type of integration',
    '9.2 setting: dataTraceEnabled; 9.3.2; 9.3.3; 10.7 quota: log event',
  ),
  executionLog('the execution log of a stage has what the levels', '9.2 setting: loggingLevel'),
  executionLog('without a level there is no execution log', '9.2 setting: loggingLevel'),
  logs('at level ERROR only failures are logged', '9.2 setting: loggingLevel'),
  metrics('a message is counted by what became of it', '9.2 setting: detailedMetricsEnabled'),
  logs('the execution log has the lines of a connect in order', '9.3.1; 9.3.2; 9.3.3; 9.3.4'),
  executionLog('the execution log of a connect over HTTP_PROXY', '9.3.3'),
  management('WebSocket APIs refuse', '9.4.1; 10.2; 10.3.1'),
  accessLog('a format is text with variables', '9.4.1'),
  accessLog(
    'every variable of the access log',
    '9.4.2; 9.4.3; 9.5 variable: integration.status; 9.5 variable: integration.integrationStatus',
  ),
  accessLog(
    'every variable of the access log',
    '9.5 variable: integration.latency; 9.5 variable: integration.requestId; 9.5 variable: integration.error',
  ),
  accessLog('every variable of the access log', '9.5 variable: status'),
  accessLog('what a Lambda authorizer came to', '9.4.3'),
  accessLog('the signature and the policies of AWS_IAM', '9.4.3'),
  accessLog('@connections calls are not in the access log', '9.4.2'),
  metrics(
    'a message is counted by what became of it',
    '9.6 dimensions; 9.6 metric: MessageCount; 9.6 metric: IntegrationError; 9.6 metric: ClientError',
  ),
  metrics(
    'a message is counted by what became of it',
    '9.6 metric: ExecutionError; 9.6 metric: IntegrationLatency',
  ),
  metrics('connects, ends and what @connections sends', '9.6 metric: ConnectCount; 9.6 metric: MessageCount'),
  metrics('connects, ends and what @connections sends', '9.6 metric: IntegrationLatency'),
  deployments('authorizers and the types of routes are of the deployment', '10.1.1'),
  deployments('a route without its response is one-way', '10.1.1; 10.1.6'),
  deployments('stage variables are live at once', '10.1.1'),
  apis('a stage without deployment is none; a disabled endpoint', '10.1.1'),
  management('a manual deployment: DEPLOYED at once', '10.1.2'),
  deployments('a stage with AutoDeploy follows changes', '10.1.3'),
  testsOf('test/end-to-end/management/auto-deploy.test.ts')('which calls deploy a WebSocket API', '10.1.3'),
  testsOf('test/end-to-end/management/deployments.test.ts')('there must be something to deploy', '10.1.4'),
  deployments('DisableSchemaValidation lets no model through', '10.1.5'),
  ends('deleting the stage ends its connections', '10.1.6'),
  ends('deleting the API ends its connections', '10.1.6'),
  quotas(
    'quotas of what is configured',
    '10.3.1; 10.7 quota: integration timeout; 10.7 quota: mapping template',
  ),
  quotas(
    'quotas of what is configured',
    '10.7 quota: access log format; 10.7 quota: stage variables; 10.7 quota: model schema',
  ),
  quotas('quotas of what clients send', '10.7 quota: frame size; 10.7 quota: message size'),
  quotas('quotas of what clients send', '10.7 quota: connection duration; 10.7 quota: idle timeout'),
  quotas('the quota of URLs', '10.7 quota: URL length'),
  testsOf('test/end-to-end/websocket/authorizer.test.ts')(
    'what an authorizer answers decides',
    '10.7 quota: authorizer result',
  ),
  testsOf('src/template/compile-template.test.ts')(
    'every vector of the specification is here',
    '10.7 quota: #foreach iterations',
  ),
  deployments('stage variables in addresses, links, functions', '10.3.2'),
  deployments('models of route responses are stored', '10.4'),
  testsOf('test/end-to-end/management/tags.test.ts')('tags of APIs and stages', '10.5'),
  testsOf('test/end-to-end/management/domains.test.ts')(
    'domain names are listed in pages and tagged',
    '10.5',
  ),
  testsOf('test/end-to-end/management/vpc-links.test.ts')('a VPC link is created, read, listed', '10.5'),
  deployments('there is no OpenAPI form', '10.6'),
  deployments('one integration serves several routes', '11.3'),
  testsOf('test/end-to-end/websocket/authorizer.test.ts')('the event of a Lambda authorizer', '11.4'),
  deployments('the protocol of an API does not change', '11.5'),
  testsOf('test/end-to-end/websocket/lifecycle.test.ts')(
    'messages of a connection are at work together',
    '11.6',
  ),
];
