// Tests that show what spec/websocket-api.md §12 chooses.
import type { Elsewhere } from './elsewhere.ts';

const of =
  (file: string) =>
  (test: string, choices: string): Elsewhere => ({
    statements: choices.split(', ').map((choice) => `ws §12 ${choice}`),
    file: `${file}.test.ts`,
    test,
  });

const handshake = of('test/end-to-end/websocket/handshake');
const statuses = of('test/end-to-end/websocket/connect-statuses');
const messages = of('test/end-to-end/websocket/choices')('what AWS leaves unclear about messages', '');
const connections = of('test/end-to-end/websocket/connections-api');
const lifecycle = of('test/end-to-end/websocket/lifecycle');
const protocol = of('test/end-to-end/websocket/protocol');

/** U08 to U24 but U17, and U34: one row each in its table. */
const OF_MESSAGES = [...Array.from({ length: 17 }, (_, i) => 8 + i).filter((number) => number !== 17), 34];

export const webSocketChoiceElsewhere: readonly Elsewhere[] = [
  handshake('$connect fails: the template of error frames', 'U01'),
  handshake('a disabled endpoint refuses connections', 'U01'),
  statuses('a refusal has nothing of the integration but its status', 'U02'),
  handshake('a plain GET', 'U03'),
  handshake('/test/extra', 'U04'),
  statuses('AWS_PROXY: the status of the function decides', 'U05'),
  statuses('MOCK: the status in the request template decides', 'U06'),
  statuses('AWS, a function: every result accepts but for an override', 'U06'),
  handshake('permessage-deflate is agreed on as RFC 7692 has it', 'U07'),
  { ...messages, statements: OF_MESSAGES.map((number) => `ws §12 U${String(number).padStart(2, '0')}`) },
  of('test/end-to-end/websocket/throttling')('connects, messages and @connections', 'U17'),
  connections('the body is the message', 'U25'),
  connections('more than 128 KB', 'U26'),
  connections('a client that does not read', 'U26'),
  lifecycle('10 minutes idle: a ping', 'U27'),
  lifecycle('2 hours are the longest life', 'U28'),
  protocol('a binary message', 'U29'),
  protocol('128 KB and a byte', 'U29'),
  of('test/end-to-end/websocket/ends')('lost', 'U30'),
  of('test/end-to-end/websocket/deployments')('a route without its response is one-way', 'U31'),
  of('test/end-to-end/websocket/ends')('deleting the stage ends its connections', 'U31'),
  of('src/websocket-api/authorizers/lambda-authorizer')('the function has 29 seconds', 'U32'),
  of('test/end-to-end/websocket/event-logs')('every variable of the access log', 'U33'),
  handshake('a client that leaves during $connect, which succeeds', 'U35'),
  handshake('a client that leaves during $connect, which refuses', 'U35'),
];
