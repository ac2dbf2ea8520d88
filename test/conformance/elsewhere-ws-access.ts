// Tests that show statements of spec/websocket-api.md §2.7, §6 and §8: who may connect, and @connections.
import type { Elsewhere } from './elsewhere.ts';
import { testsOf } from './tied.ts';

const lambda = testsOf('test/end-to-end/websocket/authorizer.test.ts');
const unit = testsOf('src/websocket-api/authorizers/lambda-authorizer.test.ts');
const iam = testsOf('test/end-to-end/websocket/iam.test.ts');
const keys = testsOf('test/end-to-end/websocket/api-keys.test.ts');
const connections = testsOf('test/end-to-end/websocket/connections-api.test.ts');
const callers = testsOf('test/end-to-end/websocket/connections-iam.test.ts');

export const webSocketAccessElsewhere: readonly Elsewhere[] = [
  lambda('the event of a Lambda authorizer', '8.3.3'),
  lambda('without a query string the maps are empty', '8.3.3'),
  lambda('identity sources must be there and not empty', '1.10.2 d; 8.3.2'),
  lambda('what an authorizer answers decides', '1.10.2 e; 1.10.2 f; 1.10.2 g; 1.10.2 h; 8.4.1; 8.4.2; 8.4.3'),
  lambda('what an authorizer answers decides', '8.1.2; 8.2.3'),
  lambda('an authorizer is asked once a connection', '8.1.1; 8.3.5'),
  lambda('what an authorizer found is in all events', '8.5.1; 8.5.3'),
  lambda('templates see the context as text', '8.5.2'),
  lambda('what WebSocket APIs do not have is refused', '8.3.1; 8.6'),
  unit('the function has 29 seconds', '8.3.4'),
  unit('a function that does not answer in time lets nobody in', '1.10.2 h'),
  iam('an unsigned connect request', '1.10.2 i'),
  iam('a wrong signature, an expired one, an unknown key', '1.10.2 j'),
  iam('a signature of another path, host, query or method', '8.2.1'),
  iam('policies are about execute-api:Invoke', '1.10.2 k; 8.1.2; 8.2.2; 8.2.3'),
  iam('the caller is in the identity of all events', '8.2.4'),
  iam('the parameters of a presigned request stay visible', '8.2.1; 8.2.5'),
  keys('a key in the header lets in', '2.7.2'),
  keys('without a key, or with one that is not good', '1.10.2 l; 2.7.3'),
  keys('the key that a Lambda authorizer names', '2.7.2; 8.4.1'),
  keys('a plan’s quota and throttle', '1.10.2 m; 1.10.2 n; 2.7.3'),
  keys('on other routes no key is asked for', '2.7.1; 2.8.1; 8.3.1'),
  connections(
    'the AWS SDK sends, asks and disconnects',
    '6.1 operation: PostToConnection; 6.1 operation: GetConnection; 6.1 operation: DeleteConnection; 6.1.1; 6.8.1; 6.8.3',
  ),
  connections('through a custom domain', '6.1.2; 6.2.3'),
  connections('$disconnect tells of the code', '6.8.2'),
  connections('replies in full', '6.3.1; 6.3.2; 6.3.4; 6.5 case: no such connection; 6.5.1'),
  connections('ids and @connections, raw and encoded', '6.2.1; 6.5 case: malformed id; 6.5.1; 6.5.3'),
  connections('other methods', '6.2.4'),
  connections('a connection is reached through its own API', '6.5.4'),
  connections('inside $connect the connection is not there', '6.5 case: still in $connect; 6.7'),
  connections('the body is the message', '6.6.1; 6.6.2; 6.6.3; 6.6.4; 6.6.6; 6.6.8'),
  connections('large messages go out in frames', '6.6.5'),
  connections('more than 128 KB', '6.5 case: large body; 6.5.2; 6.6.5'),
  connections('a post is activity', '6.3.3; 6.5 case: unknown stage or disabled endpoint; 6.6.7'),
  connections('a client that does not read', '6.5 case: too many posts or a client that does not read'),
  connections(
    'calls take tokens of the account',
    '6.5 case: too many posts or a client that does not read; 6.6.7',
  ),
  callers('the signed SDK client, on each spelling', '6.2.1; 6.2.2'),
  callers('no signature, a wrong one', '6.4.2; 6.4.3'),
  callers('a wrong signature is told', '6.2.2; 6.4.3'),
  callers('policies are about execute-api:ManageConnections', '6.4.1; 6.4.4'),
  callers('with no identity configured', '6.4.5'),
];
