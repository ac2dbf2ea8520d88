// Tests that show statements of spec/websocket-api.md §1 and §7: addresses, the handshake, the life of connections.
import type { Elsewhere } from './elsewhere.ts';
import { endToEnd } from './tied.ts';

const apis = endToEnd('websocket/apis');
const authorizer = endToEnd('websocket/authorizer');
const compression = endToEnd('websocket/compression');
const connect = endToEnd('websocket/connect');
const connections = endToEnd('websocket/connections-api');
const ends = endToEnd('websocket/ends');
const handshake = endToEnd('websocket/handshake');
const lifecycle = endToEnd('websocket/lifecycle');
const managed = endToEnd('management/apis');
const domains = endToEnd('management/domains');
const domainRefusals = endToEnd('management/domain-refusals');
const protocol = endToEnd('websocket/protocol');
const statuses = endToEnd('websocket/connect-statuses');
const utf8 = endToEnd('websocket/utf8');

const addresses: readonly Elsewhere[] = [
  apis('the endpoint of an API names no stage, and there is none without a name', '1.1.1'),
  handshake('the stage', '1.1.1; 1.5.1'),
  handshake('a slash behind the stage', '1.1.2'),
  handshake('a slash and a query string', '1.1.2; 1.1.3'),
  connect('the query string and the offered subprotocols', '1.1.3; 1.9.1'),
  connections('the AWS SDK sends, asks and disconnects', '1.1.4'),
  handshake('/test/extra', '1.1.5'),
  handshake('//test', '1.1.5'),
  handshake('/nope', '1.10.2 a'),
  apis('stage names: letters of either case', '1.1.6'),
  handshake('/Test', '1.1.6; 1.10.2 a'),
  managed('every member of an API comes back', '1.1.7'),
  handshake('a URL of 4,096 characters', '1.1.8'),
  handshake('a URL of 4,097 characters', '1.1.8'),
  handshake('/ping', '1.1.9'),
  apis('a custom domain: the mapping key alone is the path', '1.2.1; 1.2.3; 1.2.5; 1.2.6; 1.2.7'),
  apis('a custom domain with the empty key', '1.2.1; 1.2.6'),
  domains('a domain name is created with every default', '1.2.2'),
  domainRefusals('mappings that are refused', '1.2.3; 1.2.4; 1.2.8'),
  domains('a domain leads to APIs of its own account', '1.2.4'),
  connections('through a custom domain', '1.2.5'),
  apis('a stage without deployment is none', '1.3.1; 1.3.2; 1.10.2 b; 1.10.2 c'),
  apis('a custom domain has @connections where the default endpoint is disabled', '1.2.5; 1.3.2'),
  handshake('a disabled endpoint refuses connections and @connections', '1.3.2; 1.10.2 c'),
  apis('wss:// over TLS; HTTP/2 is told to upgrade', '1.4.1; 1.4.2'),
  authorizer('the event of a Lambda authorizer', '1.4.1'),
];

const upgrades: readonly Elsewhere[] = [
  handshake('names in any case', '1.5.1'),
  handshake('any Origin', '1.5.2'),
  handshake('a plain GET', '1.5.3; 1.10.2 u'),
  handshake('version 8', '1.5.3; 1.10.2 u'),
  handshake('no key', '1.5.3'),
  handshake('two versions', '1.5.3'),
  handshake('a key that is no base64', '1.5.3'),
  handshake('a head of 10,240 bytes', '1.5.4'),
  handshake('a header section of more than 10,240 bytes is a 431', '1.5.4'),
  handshake('DELETE', '1.5.5'),
  handshake('HEAD on a stage', '1.5.5'),
  connect('the steps of a connect request', '1.6.1'),
  connect('without a $connect route everybody gets in', '1.6.2'),
  connect('a $connect route without target is judged', '1.6.3'),
  connections('inside $connect the connection is not there', '1.6.4'),
  handshake('the connection id is the same from $connect on', '1.6.1; 1.6.4'),
  connect('a connect that is refused has no $disconnect', '1.6.5'),
  handshake('a client that leaves during $connect, which succeeds', '1.6.6'),
  handshake('a client that leaves during $connect, which refuses', '1.6.6'),
  statuses(
    'AWS_PROXY: the status of the function decides',
    '1.7.1; 1.7.2; 1.7.3; 1.7.4; 1.9.2; 1.9.3; 1.9.4; 1.10.2 o; 1.10.2 p; 1.10.2 q; 1.10.2 r',
  ),
  handshake('$connect answers what is no final status', '1.7.1'),
  statuses('HTTP: the status of the backend decides', '1.7.4; 1.7.5; 1.10.2 o; 1.10.2 r; 1.10.2 s'),
  statuses('HTTP_PROXY: the status of the backend decides', '1.7.4; 1.7.5; 1.9.5; 1.10.2 o; 1.10.2 s'),
  statuses('MOCK: the status in the request template decides', '1.7.7; 1.7.8; 1.9.5'),
  statuses('AWS, a function: every result accepts but for an override', '1.7.6; 1.7.8'),
  statuses('AWS, another service: its HTTP status decides', '1.7.6; 1.9.5'),
  handshake('the 101 has exactly its lines', '1.8.1'),
  handshake('permessage-deflate is agreed on as RFC 7692 has it', '1.8.2'),
  compression('one frame that says more than 32 KB', '1.8.2'),
  compression('a message that says more than 128 KB', '1.8.2'),
  statuses('headers and body of the integration do not reach the client', '1.8.3'),
  handshake('a refusal is an ordinary reply', '1.10.1; 1.10.3; 1.10.5'),
  statuses('a configuration that cannot work refuses with 500', '1.10.2 q'),
  connect('required parameters: all that are missing are named', '1.10.2 t'),
  handshake('$connect fails: the template of error frames', '1.10.3; 1.10.5'),
  statuses('a refusal has nothing of the integration but its status', '1.10.4; 1.10.5'),
  lifecycle('connection ids are of one form', '1.11.1'),
  {
    statements: ['ws §1.11.1'],
    file: 'src/websocket-api/connections/connection-id.test.ts',
    test: 'an id names the process that holds the socket',
  },
  apis('the events of a connection: ids and times', '1.11.1; 1.11.2; 1.11.3; 1.11.4; 1.11.5'),
  connections('ids and @connections, raw and encoded', '1.11.6'),
];

const lives: readonly Elsewhere[] = [
  lifecycle('2 hours are the longest life', '7.1.1; 7.4 reason: 2 h duration; 7.6 end: idle, 2 h'),
  ends('a connection that is too old is closed', '7.1.1; 7.1.4; 7.4 reason: 2 h duration'),
  lifecycle('10 minutes idle: silence ends it', '7.1.2; 7.4 reason: idle timeout; 7.6 end: idle, 2 h'),
  lifecycle('10 minutes idle: a message begins them anew', '7.1.2'),
  lifecycle('10 minutes idle: a message to the client', '7.1.2'),
  lifecycle('10 minutes idle: a ping', '7.1.3'),
  lifecycle('10 minutes idle: a pong', '7.1.3'),
  lifecycle('the server sends no pings', '7.1.3'),
  protocol('a ping of 125 bytes', '7.1.3'),
  ends('an idle connection is closed by the clock that runs', '7.1.4; 7.4 reason: idle timeout'),
  {
    statements: ['ws §7.1.4', 'ws §7.3'],
    file: 'src/settings/sections/web-socket.test.ts',
    test: 'webSocket: time-outs, and how many may connect',
  },
  protocol('a frame of 32 KB', '7.2 limit: frame payload; 7.2.2'),
  protocol('a frame of 32 KB and a byte', '7.2 limit: frame payload; 7.4 reason: too large'),
  protocol('a message of 128 KB in four frames', '7.2 limit: message payload; 7.2.1; 7.2.2'),
  protocol('128 KB and a byte', '7.2 limit: message payload; 7.4 reason: too large'),
  protocol('a binary message', '7.2 limit: binary message; 7.4 reason: binary frame'),
  ends('a message that is too long reaches no route', '7.2.3'),
  protocol('a ping of 126 bytes', '7.2.4'),
  protocol('a close of 126 bytes', '7.2.4'),
  protocol('a short length written long', '7.2.5'),
  apis('new connections beyond the configured number are refused', '7.3'),
  ends(
    'DELETE of @connections ends with 1000',
    '7.4 reason: DELETE @connections; 7.6 end: DELETE @connections',
  ),
  protocol('a frame without mask', '7.4 reason: protocol violation'),
  protocol('RSV behind a good message', '7.4 reason: protocol violation'),
  ends('a violation', '7.4 reason: protocol violation; 7.5.1'),
  utf8('a byte that begins nothing', '7.4 reason: invalid UTF-8'),
  ends('no UTF-8', '7.4 reason: invalid UTF-8; 7.5.1'),
  ends('the program ends', '7.4 reason: service restart, stage or API deleted; 7.5.1'),
  ends('deleting the stage ends its connections', '7.4 reason: service restart, stage or API deleted; 7.5.1'),
  ends('deleting the API ends its connections', '7.4 reason: service restart, stage or API deleted; 7.5.1'),
  ends(
    'a close with code and reason',
    '7.4 reason: answering a client close; 7.5.1; 7.6 end: close with code and reason',
  ),
  ends('a close with a code alone', '7.4 reason: answering a client close; 7.6 end: close with a code'),
  ends('a close without a code', '7.4 reason: answering a client close; 7.6 end: close without a code'),
  ends('failures of messages do not end the connection', '7.4 others'),
  ends('lost by a reset', '7.5.1; 7.6 end: lost'),
  ends('lost without a close frame', '7.5.1; 7.6 end: lost'),
  lifecycle('a client that has vanished', '7.5.2'),
  ends('during $disconnect the connection is gone', '7.5.1; 7.5.3'),
  lifecycle('$disconnect that fails is not repeated', '7.5.1; 7.5.3'),
  authorizer('what an authorizer found is in all events', '7.5.4'),
  lifecycle('each connection has one $disconnect', '7.5.5'),
  lifecycle('messages before the close are served', '7.5.6'),
  ends('a binary message', '7.5.1; 7.6 end: too large, binary'),
  ends('a frame that is too long', '7.5.1; 7.6 end: too large, binary'),
];

export const webSocketHandshakeElsewhere: readonly Elsewhere[] = [...addresses, ...upgrades, ...lives];
