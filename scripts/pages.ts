// The pages of docs/ that are made from the program's own tables.
import { notYet } from '../src/resources/not-yet.ts';
import { FILE } from '../src/settings/config-shape.ts';
import { LOG_EVENTS, LOG_FIELDS } from '../src/telemetry/log-events.ts';
import { operations } from '../src/wire/operation.ts';
import { definitionDifferences } from '../test/conformance/definitions/differences.ts';
import { differences } from '../test/conformance/differences.ts';
import { contextPage } from './context-page.ts';
import { ledger } from './ledger.ts';
import { templatesPage } from './templates-page.ts';

/** Path → text of every generated page. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/compatibility.md', compatibility()],
    ['docs/reference/context-variables.md', `${GENERATED}\n${contextPage()}`],
    [
      'docs/reference/ledger.md',
      `${GENERATED}
${ledger()}`,
    ],
    ['docs/reference/log-events.md', logEvents()],
    ['docs/reference/templates.md', `${GENERATED}${templatesPage()}`],
    ['schema/postern.schema.json', configSchema()],
  ]);
}

const GENERATED =
  '<!-- Made by scripts/write-docs.ts. Change the tables it reads, or the text in scripts/pages.ts. -->\n';

/** What the readers of the configuration file take, for editors. */
function configSchema(): string {
  const about = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'postern.yaml',
    description: 'The configuration file of Postern. Made from the code that reads it.',
  };
  return `${JSON.stringify({ ...about, ...FILE.schema }, null, 2)}\n`;
}

function logEvents(): string {
  return `${GENERATED}
# Log events

Every line of the program's log has a stable code, \`event\`: ask for that, texts may change. Lines are JSON with \`level\`, \`time\`,
\`pid\`, \`event\`, the fields of the event and \`msg\`, its text. On a terminal they are short and have the text in place of the code.
Access logs of stages are lines of their own formats and not among these. A field with \`?\` is not on every line.

## Events

| Event | Level | Text | Written when | Fields | What to do |
|---|---|---|---|---|---|
${Object.entries(LOG_EVENTS)
  .map(([event, { level, message, when, fields, operator }]) => {
    const names = fields.map((name) => `\`${name}\``).join(', ');
    return `| \`${event}\` | ${level} | ${message} | ${when} | ${names} | ${operator} |`;
  })
  .join('\n')}

## Fields

| Field | Holds |
|---|---|
${Object.entries(LOG_FIELDS)
  .map(([name, holds]) => `| \`${name}\` | ${holds} |`)
  .join('\n')}
`;
}

function compatibility(): string {
  const waiting: Readonly<Record<string, string>> = notYet;
  const built = operations.map(({ name }) => name).filter((name) => waiting[name] === undefined);
  return `${GENERATED}
# Compatibility

What works, what does not, and how it differs from AWS. Section numbers are those of the behaviour specification that the
conformance tests cite.

## At a glance

| Feature | State |
|---|---|
| Management API on the wire: routing, parsing, printing, errors, paging, PATCH rules | works, all ${operations.length} operations routed |
| Operations with behaviour | ${built.length} of ${operations.length}; the others answer 501 (list below) |
| SigV4 | verified (header and presigned forms) when credentials are configured; otherwise any are accepted, loopback only |
| IAM policies for management calls | those of \`credentials\`; identities without policies may do everything |
| Control-plane throttling | not there |
| HTTP APIs: routes, stages, stage variables, deployments, auto-deploy, CORS | works |
| HTTP_PROXY integrations to public endpoints, parameter mapping | works |
| Lambda (AWS_PROXY), payload formats 1.0 and 2.0 | works: functions on this machine (\`functions\`), and behind the Invoke API where that is asked for: of AWS (\`lambda: aws\`) or an emulator (\`lambda.endpoint\`) |
| Lambda's Invoke API on the management door | works for the functions of \`functions\`: Invoke alone |
| AWS service integrations: SQS, EventBridge, Kinesis, Step Functions, AppConfig | all ten subtypes work, with the AWS SDK's endpoints and credentials |
| Private integrations over VPC links: listeners and Cloud Map services | works; \`privateTargets\` of the configuration file says where listeners lead |
| Authorizers: JWT, Lambda (formats 1.0 and 2.0, simple and policy responses, caching) | works |
| AWS_IAM routes | works for the identities of \`credentials\`, with their policies |
| Throttling, access logs, metrics | works; throttling across programs [by a Valkey](guide/throttling.md#several-programs-with-the-same-limits); metrics are read by Prometheus (\`GET /_postern/metrics\`), not sent to CloudWatch |
| Several processes of a machine (\`workers\`), several machines (\`store\`, \`cluster\`) | works: [workers](reference/settings.md#several-processes) share one address, [nodes](guide/nodes.md) one PostgreSQL. A write is answered when it is live on all that answer, at most a second late. Several nodes keep limits exactly with a Valkey only; without, each has an equal share. A function's \`concurrency\` is a number of its machine |
| Custom domains, API mappings, routing rules | works |
| Mutual TLS of domains | works; truststores are files (\`truststores\`) or objects in S3 |
| WebSocket APIs: connections, routes, all integration types, templates, authorizers, API keys, \`@connections\` | works; keys and their plans are in the configuration file (\`apiKeys\`) |
| Several processes and several machines | works: workers of a machine (\`--workers\`), nodes on one PostgreSQL; [what differs](#differences-of-several-processes-and-nodes) |
| OpenAPI: import, reimport and export of HTTP APIs, as JSON and YAML | works |
| CloudFormation templates with \`AWS::ApiGatewayV2::*\` and functions: \`postern deploy\`, \`postern dev\` | works: all intrinsic functions, parameters, conditions, rules, nested stacks, exports; other types are names, and each is in the report ([below](#differences-of-definitions)) |
| SAM: HttpApi, WebSocketApi, Function, Globals, samconfig.toml | works; \`AWS::Serverless::Api\` is a REST API and not served |
| CDK cloud assemblies | work, with assets, stages, nested stacks; docker images do not run |
| Serverless Framework packages (\`.serverless\`, version 3) | work; \`http\` events are REST APIs and not served |
| CloudFormation's API on the management door | works for \`aws cloudformation deploy\`: 14 operations with change sets; CreateStack and UpdateStack are not there |
| \`sam deploy\` and \`cdk deploy\` themselves | not there: they need S3, STS and SSM; calls of these, and of every other service, get a 501 in their own protocol that says so |
| TLS, certificates by server name, HTTP/2 from clients | works; certificates are files (\`tls\`, \`certificates\`), read again when they change |

Everything that is stored without effect is listed by \`postern doctor\` for what you have configured.

## Operations

Built: ${built.map((name) => `\`${name}\``).join(', ')}.

Not yet; each answers 501 \`NotImplementedException\`:

| Operation | What it will be |
|---|---|
${Object.entries(waiting)
  .map(([name, sentence]) => `| \`${name}\` | ${sentence} |`)
  .join('\n')}

## Differences of the management API

- Success codes are those of the service model; AWS's live service answers some updates with 201 (management §8.1).
- A page holds 100 items unless \`maxResults\` says otherwise, at most 500 (§8.2).
- A wrong verb on a known path, a trailing slash or an undecodable label answers 404 \`UnknownOperationException\`.
- A number that is no 32-bit integer, a \`null\` inside a list, or a body that is not UTF-8 answers 400
  \`SerializationException\`.
- \`NotImplementedException\` (501) and \`RequestEntityTooLargeException\` (413) are our own.
- Requests dated only by a \`Date\` header are refused as unsigned; \`STREAMING-*\` payload hashes are refused.
- Auto-deploy happens before the change is answered, not about a second later. The last 10 automatic deployments that no
  stage uses are kept (§8.27).
- The counts of §7 (APIs, routes, stages, …) are not enforced; the limits of a single resource (scopes, tags, stage
  variables, lengths) are.
- An HTTP API without a route that has a target is not deployed: 400, as the management API specification says.
- An AuthorizationType that is none is refused (§2.2.4). CreateRoute of AWS takes it: a mistyped \`JWT\` would leave the route
  open.
- What WebSocket APIs alone have is dropped from integrations of HTTP APIs: ContentHandlingStrategy, PassthroughBehavior,
  RequestTemplates, TemplateSelectionExpression (§8.10). So is TlsConfig without a VPC link, as on AWS.
- CreateIntegration does not ask whether a listener or a Cloud Map service exists; AWS refuses one that does not. Private
  targets are configured locally, and one that is not there answers 503.
- The texts for quick-create children, reserved WebSocket keys, CORS methods and headers, tags and members that do not
  belong to an integration's kind are our own, where AWS's are not known.
- Integration URIs hold RFC 3986 characters only, a literal host must be usable, and path variables may not stand in the
  authority; otherwise \`Invalid HTTP endpoint specified for URI\`. AWS checks less.
- The management door refuses with 403 whatever a page in a browser sends, but for the console of its own origin; while no
  credentials are configured also requests to a host name other than loopback's, and those that a proxy passed on.
- A write is answered once it is live in the gateway. One that is stored but not live after ten seconds, because the store
  cannot be read, answers \`NotYetLiveException\` with 507: clients do not try that again on their own, as they would 500 or
  503. What is wrong with the store itself answers 500 \`InternalServerException\` with a sentence that says what.
- A JSONPath behind \`route.request.body\` that cannot be read is refused when it is written.
- A Lambda authorizer that is created without \`AuthorizerResultTtlInSeconds\` keeps nothing: 0, where AWS may say 300 for one
  with identity sources. Terraform sends its 300 itself.
- Domain names are in lower case; others are refused.

- Terraform: changing one \`response_parameters\` block makes the AWS provider send an empty map for the old status, which
  deletes it; a second apply settles it.

## What AWS has no word for

Below \`/_postern/\` of the management door, where no operation of AWS has a path. A client of AWS notices none of it.

| What | Where |
|---|---|
| A request, a message or a connect request with every step of it | \`postern explain\`, \`POST /_postern/explain\` |
| Requests as they come, and those that are over | \`postern tail\`, \`/_postern/requests\` ([guide](guide/live-requests.md)) |
| Who is connected; sending and closing without a signed call of \`@connections\` | \`postern connections\`, \`/_postern/connections\` ([guide](guide/websocket.md#seeing-what-happens)) |
| A console in the browser, with a workbench for mappings. It is no copy of AWS's: what it makes and changes goes through the management API | \`/_postern/console/\` ([guide](guide/console.md)) |
| Traces by OpenTelemetry, with W3C Trace Context; X-Ray's own are not made | \`traces\` ([guide](guide/traces.md)) |
| Definitions that are deployed, imported and exported by the server | \`postern deploy\`, \`postern import\`, \`postern export\` ([guide](guide/definitions.md)) |
| Readiness, health, metrics for Prometheus, and how each stage stands | \`/_postern/ready\`, \`postern ready\`, \`/_postern/health\`, \`/_postern/metrics\`, \`/_postern/stages\` ([guide](guide/production.md)) |

[Routes of the console](reference/console-api.md) says what they take and answer.

## Differences of several processes and nodes

One process has none of these. [Workers](reference/settings.md#several-processes) are processes of one machine, [nodes](guide/nodes.md) machines
with one store in PostgreSQL.

| What | What differs from AWS, or from one process | Why |
|---|---|---|
| Management writes | They are answered when they are live in all workers of all nodes that are linked and well, or a second later (\`cluster.writeWaitMillis\`). AWS promises no time. | A test that follows its change needs no pause. |
| Management while PostgreSQL is away | Writes are answered 503 \`ServiceUnavailableException\` with \`Retry-After: 5\`. Reads are those of the node's replica, and say how old they are (\`x-postern-behind\`). What clients call is served. | APIs must not depend on the database. |
| Compiling | Each worker compiles a stage that has changed. Where that took over 20 ms the last time, half of a machine’s workers do so first; the others serve what they have meanwhile, for half a second at most, and follow. The write is answered when all have it. | Clients are served while a large stage is compiled. |
| Lambda authorizers | Each worker has its own cache, so one is asked as many times more often as there are workers on all nodes. ResetAuthorizersCache empties all. | No request waits for a cache elsewhere. |
| Rate limits | Workers of one machine have one limit, exactly. So have nodes with a [Valkey](guide/throttling.md#several-programs-with-the-same-limits), less what they have taken and not used. Without one, or while it does not answer in 50 ms, each node has its equal share, of a burst at least 1 (a burst of 1 becomes one a node): where clients are not spread evenly less is let through than the limit says. \`postern doctor\` says so. | Nothing is let through that was not granted. |
| Quotas of API keys | Processes take them in portions of up to 100. No quota is exceeded; a process that dies loses its portion, and while PostgreSQL is away what is in hand is used up, then 429. | What counts is durable, and not written for each message. |
| \`webSocket.maxConnections\` | Nodes learn each other's counts once a second, and may be over it by what opens in that time. | No connect waits for other nodes. |
| \`@connections\` | A connection of a node that cannot be reached, and has not been declared gone, or that has just begun, is answered 503 \`ServiceUnavailableException\`; AWS knows 200, 403, 410 and 429. SDKs try again. | Clients forget what is 410. |
| Live requests, traffic, metrics | Each node tells its own, of all its workers. \`postern connections\` lists the connections of all nodes, and names those that have not answered. | Who adds up metrics of nodes has them by node. |
| Connects | A node that is not sure that the others hold it to be alive, or has started without PostgreSQL, refuses them with 503, and so does one with \`webSocket.registry: required\` while PostgreSQL is away where a stage has a \`$disconnect\` integration. | The ends of its connections may be told by others by then. |
| \`$disconnect\` | That of a node that is lost comes up to 12 seconds later, from another one, with code 1006. It comes twice only where who told it died, or had no time left, before the answer came, with the same \`requestId\`. | An end is never lost. |

## Differences of Lambda's Invoke API

- \`ExecutedVersion\` is always \`$LATEST\`, whatever version or alias is asked for.
- The log that \`LogType: Tail\` gives has what the function wrote until it answered; its REPORT line has no memory figures, and
  its duration is that of the whole call.
- A function of another account is called when it is configured: there are no resource policies. Another region's is not, as in
  Lambda.
- What follows \`Could not parse payload into json:\` is our JSON parser's text.
- A payload over the limit is \`RequestEntityTooLargeException\`, as Lambda answers live; its model says
  \`RequestTooLargeException\`.
- \`TenantId\` and \`DurableExecutionName\` are refused with our own text. X-Ray trace ids are passed on, not made.

## Differences of functions on this machine

- Calls beyond \`concurrency\` wait, up to \`queue\` of them (1000); Lambda throttles at once. \`queue: 0\` does so too.
- \`memory\` is 1024 MB unless it is said, Lambda's is 128. It is told to the function and bounds the heap of Node.js; the process
  is not limited.
- There is no response streaming, and there are no extensions and no layers. Nothing freezes a function between calls.
- Versions and aliases that the configuration file does not list lead to the function itself.

[The guide](guide/lambda.md#what-differs-from-lambda) has more.

## Differences of definitions

What \`postern deploy\` does otherwise than CloudFormation, the CLIs of AWS, the CDK and Serverless. Section numbers are those of
[the specification of definitions](spec/definitions.md).

| Section | What differs | Why |
|---|---|---|
${definitionDifferences.map(({ id, differs, why }) => `| ${id} | ${differs} | ${why} |`).join('\n')}

## Differences of the data plane

Beside the table: JSON nested deeper than 512 levels counts as no JSON; a position that a JSON path names twice counts once;
a head or body that comes too slowly ends the connection without a reply, because 408 is not among API Gateway's answers;
\`OPTIONS *\`, \`CONNECT\`, unknown expectations, octets above ASCII in the target, and absolute targets that name another
host than \`Host\` are refused with 400; the integration's time-out does not run while a client is slow to send or to read.

| Statement | What differs | Why |
|---|---|---|
${differences.map(({ id, differs, why }) => `| ${id} | ${differs} | ${why} |`).join('\n')}
`;
}
