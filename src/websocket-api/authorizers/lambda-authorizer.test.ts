import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invocation, InvocationOutcome } from '../../backends/lambda-function.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { functionCallee } from '../../stage/callee.ts';
import { SocketEvent } from '../event.ts';
import type { WebSocketStage } from '../stage.ts';
import { SocketLambdaAuthorizer } from './lambda-authorizer.ts';

const STAGE = { apiId: 'a1b2c3d4e5', name: 'prod', variables: new Map() } as unknown as WebSocketStage;

async function ask(outcome: InvocationOutcome) {
  const invocations: Invocation[] = [];
  const authorizer = new SocketLambdaAuthorizer({
    function: {
      async invoke(invocation) {
        invocations.push(invocation);
        return outcome;
      },
    },
    callee: functionCallee('arn:aws:lambda:us-east-1:123456789012:function:decide'),
    identitySources: [],
    methodArn: 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect',
    story: {
      kind: 'lambda',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
      identitySources: [],
    },
  });
  const connection = {
    id: 'AAAAAAAAAAAAAAA=',
    apiId: 'a1b2c3d4e5',
    stageName: 'prod',
    accountId: '123456789012',
    region: 'us-east-1',
    connectedAt: 0,
    domain: { name: 'api.test', prefix: 'api', forwardedHost: 'api.test' },
    sourceIp: '192.0.2.1',
    userAgent: undefined,
    authorization: undefined,
    apiKey: undefined,
  };
  const headers = HeaderBlock.fromPairs(['X-Amzn-Trace-Id', 'Root=1-a-b']);
  const request = { headers, query: '', target: '/prod', host: 'api.test', scheme: 'http' };
  const event = new SocketEvent(connection, STAGE, { kind: 'CONNECT', request });
  const decision = await authorizer.authorize(event);
  return { decision, event, invocation: invocations[0]! };
}

test('the function has 29 seconds, and knows the request (spec/websocket-api.md §8.3.4, Choice U32)', async () => {
  const { invocation, event } = await ask({ kind: 'timeout' });
  assert.deepEqual([invocation.timeoutInMillis, invocation.type], [29_000, 'RequestResponse']);
  assert.deepEqual([invocation.requestId, invocation.traceId], [event.requestId, 'Root=1-a-b']);
});

test('a function that does not answer in time lets nobody in (spec/websocket-api.md §1.10 row h)', async () => {
  const { decision, event } = await ask({ kind: 'timeout' });
  assert.ok(!decision.granted);
  assert.deepEqual([decision.failure.status, decision.failure.message], [500, 'Internal server error']);
  assert.equal(decision.error, 'The authorizer could not be called: timeout');
  assert.equal(event.connection.authorization, undefined);
});
