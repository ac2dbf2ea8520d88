import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Invocation, InvocationOutcome } from '../../backends/lambda-function.ts';
import { InjectedExchange } from '../../net/http1/inject.ts';
import { AnswerError, readAnswer } from '../../stage/lambda-authorizer-answer.ts';
import { routeArnStart } from '../../stage/route-arn.ts';
import { Call } from '../call.ts';
import { authorizerEvent } from '../lambda-event/authorizer-event.ts';
import { compileRouter } from '../router.ts';
import type { HttpStage } from '../stage.ts';
import { LambdaAuthorizer } from './lambda-authorizer.ts';

const STAGE: HttpStage = {
  accountId: '123456789012',
  region: 'us-east-1',
  apiId: 'a1b2c3d4e5',
  name: 'prod',
  deploymentId: 'd1',
  variables: new Map(),
  cors: undefined,
  executeApiDisabled: false,
  throttle: undefined,
  watch: { onOver() {}, accessLogEntry: () => undefined },
  router: compileRouter([]),
};

/** Asks an authorizer whose function comes to this outcome; tells the decision and the invocation. */
async function ask(outcome: InvocationOutcome) {
  const invocations: Invocation[] = [];
  const failures: string[] = [];
  const authorizer = new LambdaAuthorizer({
    payloadFormatVersion: '2.0',
    simpleResponses: true,
    event: authorizerEvent('2.0', STAGE, { key: 'GET /', variableNames: [] }),
    function: {
      async invoke(invocation) {
        invocations.push(invocation);
        return outcome;
      },
    },
    identitySources: [],
    cache: undefined,
    arnStart: routeArnStart(STAGE),
    onFailed: (_call, message) => failures.push(message),
    configured: { name: 'who', functionArn: 'arn:f', identitySources: [], ttlInSeconds: 0 },
  });
  const exchange = new InjectedExchange({ target: '/prod/', headers: [], host: 'api.test' }, () => {});
  const domain = { name: 'api.test', prefix: 'api', forwardedHost: 'api.test' };
  const decision = await authorizer.authorize(new Call(exchange, STAGE, domain, '/', '/prod/', ''));
  return { decision, invocation: invocations[0]!, failures };
}

test('the function has 10 seconds, and is called for an answer (spec/http-api.md §6.3.5)', async () => {
  const { invocation } = await ask({ kind: 'timeout' });
  assert.deepEqual([invocation.timeoutInMillis, invocation.type], [10_000, 'RequestResponse']);
});

const FAILURES: readonly (readonly [outcome: InvocationOutcome, error: RegExp])[] = [
  [{ kind: 'timeout' }, /took longer than 10000 ms$/],
  [{ kind: 'throttled' }, /is throttled$/],
  [{ kind: 'tooLarge' }, /event is too large/],
  [{ kind: 'refused', status: 404, message: 'Function not found' }, /cannot be invoked: Function not found$/],
  [{ kind: 'unavailable', status: undefined, message: 'ECONNREFUSED' }, /cannot be reached: ECONNREFUSED$/],
  [{ kind: 'functionError', payload: '{"errorMessage":"no"}', awsRequestId: 'r' }, /function failed: no$/],
  [{ kind: 'functionError', payload: '{"errorType":"E"}', awsRequestId: 'r' }, /failed: without a reason$/],
  [{ kind: 'functionError', payload: 'no JSON', awsRequestId: 'r' }, /failed: without a reason$/],
  [{ kind: 'functionError', payload: 'no JSON', awsRequestId: 'r' }, /failed: without a reason$/],
  [
    { kind: 'functionError', payload: `{"errorMessage":"${'x'.repeat(999)}"}`, awsRequestId: 'r' },
    /failed: x{256}…$/,
  ],
];
for (const [outcome, error] of FAILURES) {
  test(`${outcome.kind}, ${error.source}: 500, and the reason is told (spec/http-api.md §6.3.5)`, async () => {
    const { decision, failures } = await ask(outcome);
    assert.ok(!decision.granted);
    assert.deepEqual([decision.refusal.status, failures], [500, [decision.error]]);
    assert.match(decision.error, error);
  });
}

test('no answer lets in but one that says so exactly', () => {
  const member = fc.oneof(
    fc.boolean(),
    fc.constantFrom('true', 1, null, {}, []),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const answers = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.dictionary(
      fc.constantFrom('isAuthorized', 'IsAuthorized', 'context', 'principalId', 'policyDocument'),
      member,
    ),
  );
  fc.assert(
    fc.property(answers, (value) => {
      const form = { payloadFormatVersion: '2.0', simpleResponses: true } as const;
      try {
        const answer = readAnswer(JSON.stringify(value), form);
        const given = (value as { isAuthorized?: unknown }).isAuthorized;
        assert.deepEqual([answer.kind, answer.kind === 'simple' && answer.isAuthorized], ['simple', given]);
      } catch (error) {
        assert.ok(error instanceof AnswerError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
