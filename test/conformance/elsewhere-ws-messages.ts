// Tests that show statements of spec/websocket-api.md §2 to §4 besides the rows of ws-*.cases.ts.
import type { Elsewhere } from './elsewhere.ts';
import { endToEnd } from './tied.ts';

const apis = endToEnd('websocket/apis');
const choices = endToEnd('websocket/choices')('what AWS leaves unclear about messages', '');
const connect = endToEnd('websocket/connect');
const deployments = endToEnd('websocket/deployments');
const lifecycle = endToEnd('websocket/lifecycle');
const protocol = endToEnd('websocket/protocol');
const statuses = endToEnd('websocket/connect-statuses');
const managed = endToEnd('management/websocket-apis');

export const webSocketMessageElsewhere: readonly Elsewhere[] = [
  endToEnd('management/routes')('WebSocket keys are any text; the same key twice is refused', '2.1.1; 2.1.2'),
  deployments('one integration serves several routes', '2.1.3'),
  apis('the events of a connection: ids and times', '2.1.6; 3.3.3; 3.3.4'),
  deployments('a route without its response is one-way from the next deployment on', '2.2.8'),
  endToEnd('websocket/api-keys')('a key in the header lets in', '2.4 Api.apiKeySelectionExpression'),
  endToEnd('websocket/api-keys')(
    'the key that a Lambda authorizer names',
    '2.4 Api.apiKeySelectionExpression; 3.3.5 apiKey',
  ),
  apis('a custom domain: the mapping key alone is the path', '2.4 ApiMapping selection'),
  deployments(
    'models of route responses are stored and never applied',
    '2.4 RouteResponse.modelSelectionExpression',
  ),
  protocol('a binary message', '2.6.1'),
  protocol('128 KB and a byte', '2.6.1'),
  endToEnd('websocket/utf8')('a byte that begins nothing', '2.6.1'),
  lifecycle('messages of a connection are at work together', '2.6.3'),
  endToEnd('websocket/models')('a message that fits no model', '2.5.3; 2.5.5'),
  endToEnd('management/websocket-responses')('a model is refused', '2.5.3'),
  endToEnd('websocket/quotas')('quotas of what is configured', '2.5.3'),
  endToEnd('websocket/metrics')('a message is counted by what became of it', '2.5.5'),
  endToEnd('management/route-refusals')(
    'routes of WebSocket APIs',
    '2.1.1; 2.4 Route.modelSelectionExpression',
  ),
  endToEnd('websocket/routes')('required parameters, in each of their places', '2.9.1; 2.9.3'),
  endToEnd('websocket/routes')('parameters that are declared, and not required', '2.9.1'),
  connect('required parameters: all that are missing are named', '2.9.1; 2.9.3'),
  endToEnd('management/route-refusals')('routes of WebSocket APIs', '2.9.2'),
  deployments(
    'stage variables in addresses, links, functions, roles, mappings and events',
    '3.1.3; 3.1.4; 3.1.5; 3.7.1; 3.7.2',
  ),
  statuses('AWS_PROXY: the status of the function decides', '3.2 response; 3.3.6; 3.3.9'),
  endToEnd('websocket/authorizer')(
    'what an authorizer found is in all events of the connection',
    '3.3.5 authorizer',
  ),
  endToEnd('program/loops')('a connect that comes back', '3.5.2 Via'),
  statuses('MOCK: without a template there is no status', '3.6.5'),
  lifecycle('messages before the close are served, though nobody hears of it', '4.1.5'),
  managed('a proxy integration may have integration responses, which do nothing', '4.2.4'),
  { ...choices, statements: ['ws §4.5.1', 'ws §4.5.2 large reply', 'ws §4.5.2 model', 'ws §4.4.5'] },
  endToEnd('websocket/throttling')('connects, messages and @connections', '4.5.2 throttled'),
  endToEnd('websocket/metrics')('a message is counted by what became of it', '4.7'),
];
