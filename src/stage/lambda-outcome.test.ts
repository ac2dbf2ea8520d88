// Refusals and texts of invocations that fail: spec/http-api.md §3.6.7, Choices C25, C64.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InvocationOutcome, MAX_INVOKE_BYTES } from '../backends/lambda-function.ts';
import { awsRequestIdOf, failureOf, invokeStatusOf } from './lambda-outcome.ts';

const UNHANDLED =
  'The Lambda function returned the following error: Unhandled. Check your Lambda function code and try again.';
const PERMISSIONS =
  "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again.";

const returned = (payload: string): InvocationOutcome => ({ kind: 'returned', payload, awsRequestId: 'r' });

const table: readonly (readonly [
  outcome: InvocationOutcome,
  status: number | undefined,
  responseType: string | undefined,
  message: string | undefined,
  detail: string | undefined,
  invokeStatus: number | undefined,
])[] = [
  [returned('{}'), undefined, undefined, undefined, undefined, 200],
  [
    {
      kind: 'functionError',
      payload: '{"errorType":"TypeError","errorMessage":"no pet"}',
      awsRequestId: 'r',
    },
    ...([500, 'DEFAULT_5XX', UNHANDLED, 'TypeError: no pet', 200] as const),
  ],
  [
    { kind: 'functionError', payload: 'not JSON', awsRequestId: 'r' },
    ...([500, 'DEFAULT_5XX', UNHANDLED, undefined, 200] as const),
  ],
  [{ kind: 'refused', status: 403, message: 'm' }, 500, 'DEFAULT_5XX', PERMISSIONS, 'm', 403],
  [{ kind: 'refused', status: 404, message: 'm' }, 500, 'DEFAULT_5XX', PERMISSIONS, 'm', 404],
  [{ kind: 'throttled' }, 503, 'INTEGRATION_FAILURE', 'The Lambda function was throttled', undefined, 429],
  [
    { kind: 'tooLarge' },
    ...([413, 'REQUEST_TOO_LARGE', 'The event has more than 6291556 bytes', undefined, 413] as const),
  ],
  [
    { kind: 'unavailable', status: 502, message: 'm' },
    ...([503, 'INTEGRATION_FAILURE', 'Connection failed', 'm', 502] as const),
  ],
  [
    { kind: 'unavailable', status: undefined, message: 'm' },
    ...([503, 'INTEGRATION_FAILURE', 'Connection failed', 'm', undefined] as const),
  ],
  [{ kind: 'timeout' }, 503, 'INTEGRATION_TIMEOUT', 'Endpoint request timed out', undefined, undefined],
];

test('what an invocation that failed comes to', () => {
  for (const [outcome, status, responseType, message, detail, invokeStatus] of table) {
    const failure = failureOf(outcome);
    assert.deepEqual(
      [failure?.refusal.status, failure?.refusal.responseType, failure?.message, failure?.detail],
      [status, responseType, message, detail],
      outcome.kind,
    );
    assert.equal(invokeStatusOf(outcome), invokeStatus, outcome.kind);
  }
});

test('only an answered call has a request id', () => {
  assert.equal(awsRequestIdOf(returned('')), 'r');
  assert.equal(awsRequestIdOf({ kind: 'returned', payload: '', awsRequestId: '' }), undefined);
  assert.equal(awsRequestIdOf({ kind: 'throttled' }), undefined);
});

test('the limit of an answer counts bytes', () => {
  const half = '☕'.repeat(Math.floor(MAX_INVOKE_BYTES / 3));
  assert.equal(failureOf(returned(half)), undefined);
  assert.equal(failureOf(returned(`${half}☕`))?.refusal.status, 500);
});
