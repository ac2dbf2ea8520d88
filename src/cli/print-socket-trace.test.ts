// Golden: what a person sees of a message, without colour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SocketTrace } from '../websocket-api/explain/trace.ts';
import { printSocketTrace } from './print-socket-trace.ts';
import { createPaint } from './terminal.ts';

const TRACE: SocketTrace = {
  kind: 'message',
  requestId: 'AbCdEfGhIjKlMno=',
  connectionId: 'ZzCdEfGhIjKlMno=',
  connection: { connectedAt: 0, sourceIp: '127.0.0.1', authorizer: { principalId: 'ann' } },
  stage: {
    apiId: 'a1',
    accountId: '000000000000',
    region: 'us-east-1',
    name: 'prod',
    deploymentId: 'd1',
    variables: { colour: 'blue' },
  },
  message: { body: '{"action":"say"}', bodyBytes: 16 },
  selection: { expression: '$request.body.action', value: 'say' },
  route: { key: '$default', routeId: 'r1', isTwoWay: true, why: 'no route has the key say' },
  validation: { model: 'said' },
  request: {
    templateKey: '$default',
    template: '{"who": "$context.authorizer.principalId"}\n$x',
    values: [
      { reference: '$context.authorizer.principalId', line: 1, column: 10, value: 'ann' },
      { reference: '$x', line: 2, column: 1 },
    ],
    parameters: [
      { key: 'integration.request.header.X-A', value: "'a'", result: 'a' },
      { key: 'integration.request.header.X-B', value: 'route.request.body.b' },
    ],
    uri: 'http://127.0.0.1:9000/say',
    headers: [['X-A', 'a']],
    body: '{"who": "ann"}\n',
    bodyBytes: 15,
  },
  answer: {
    status: 500,
    headers: [['Server', 'backend']],
    body: '/w==',
    bodyBytes: 1,
    isBase64Encoded: true,
  },
  response: { key: '/5\\d\\d/', templateKey: '$default', template: 'sorry', parameters: [] },
  posted: [{ body: 'hello', bodyBytes: 5 }],
  reply: { status: 500, body: 'sorry', bodyBytes: 5 },
  accessLog: 'AbCdEfGhIjKlMno= 500',
  millis: 3.2,
};

const PRINTED = `Message        16 bytes  AbCdEfGhIjKlMno=
               {
                 "action": "say"
               }

Connection     ZzCdEfGhIjKlMno=  from 127.0.0.1
               principalId = ann

Stage          prod  API a1, account 000000000000, us-east-1, deployment d1
               colour = blue

Selected       say  by $request.body.action

Route          $default  r1, because no route has the key say

Model          said  the message fits

Template       $default
               {"who": "$context.authorizer.principalId"}
               $x

Evaluated      2 values
               $context.authorizer.principalId  line 1:10  = ann
               $x                               line 2:1   = nothing

Parameters     2 values
               integration.request.header.X-A  'a'                   = a
               integration.request.header.X-B  route.request.body.b  = nothing

Sent           http://127.0.0.1:9000/say
               X-A: a
               {
                 "who": "ann"
               }

Backend reply  500
               Server: backend
               1 bytes: /w==

Response       /5\\d\\d/

Template       $default
               sorry

Posted         by @connections
               hello

Frame          500  3.2 ms
               sorry

Access log     AbCdEfGhIjKlMno= 500
`;

test('a message as people see it', () => {
  const printed = printSocketTrace(TRACE, createPaint(false));
  assert.equal(printed, PRINTED);
});
