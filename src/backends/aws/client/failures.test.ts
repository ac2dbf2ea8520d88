// What becomes of failures and answers, beside the AWS SDK's clients (decision 0020).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetServiceCommand } from '@aws-sdk/client-servicediscovery';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { Invoke, LAMBDA } from '../../lambda/invoke-model.ts';
import { FIREHOSE, PutRecordBatch } from '../../log-destinations/models.ts';
import { CLOUD_MAP, GetService } from '../../private-targets/cloud-map-model.ts';
import { type ClientSettings, ServiceClient } from './client.ts';
import { type Class, CREDENTIALS, Recorder, type Reply, sdkClient } from './sdk-clients.test.support.ts';
import type { Service } from './service.ts';
import { AssumeRole, STS } from './sts.ts';

const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const late = Object.assign(new Error('late'), { name: 'TimeoutError' });
const json = (status: number, type: string, headers: Readonly<Record<string, string>> = {}): Reply => [
  status,
  JSON.stringify({ __type: `com.amazon#${type}`, message: `It is ${type}` }),
  headers,
];
const tomorrow = { date: new Date(Date.now() + 86_400_000).toUTCString() };

const FAILURES: readonly (readonly [what: string, replies: readonly Reply[]])[] = [
  ['an error of the caller', [json(400, 'ValidationException')]],
  ['an error that the operation has', [json(400, 'ResourceNotFoundException')]],
  ['access denied', [json(403, 'AccessDeniedException')]],
  ['throttled once', [json(400, 'ThrottlingException'), [200, '{}']]],
  ['throttled', [json(429, 'TooManyRequestsException')]],
  ['an error of the server', [json(500, 'InternalFailure')]],
  [
    'unavailable once',
    [
      [503, 'busy'],
      [200, '{}'],
    ],
  ],
  ['a gateway in between', [[502, '<html>']]],
  ['a reset connection', [reset, [200, '{}']]],
  ['reset connections', [reset]],
  ['late', [late, [200, '{}']]],
  ['an answer that is no JSON', [[200, '<html>']]],
  ['a clock that is slow', [json(403, 'RequestTimeTooSkewed', tomorrow), [200, '{}']]],
  ['a signature that is out of time', [json(403, 'InvalidSignatureException', tomorrow), [200, '{}']]],
  ['an empty error', [[400, '']]],
  ['an error in a header', [[404, '{"Message":"gone"}', { 'x-amzn-errortype': 'Gone:http://x' }]]],
];

/** What a call came to: tries and how it ended; `day` is the one that the last request is signed for. */
async function endOf(send: () => Promise<unknown>, { requests }: Recorder) {
  const outcome = await send().then(
    () => 'answered',
    (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      `${error.name}: ${error.message} (${error.$metadata?.httpStatusCode})`,
  );
  const attempts = requests.map(({ headers }) => headers['amz-sdk-request']?.replace(/ttl=[^;]*; /, ''));
  return { outcome, attempts, day: requests.at(-1)?.headers['x-amz-date']?.slice(0, 8) };
}

describe('what fails is repeated alike, and ends in the same error', { concurrency: 8 }, () => {
  const rows = [
    [FIREHOSE, PutRecordBatch, PutRecordBatchCommand, { DeliveryStreamName: 's', Records: [] }, 2],
    [LAMBDA, Invoke, InvokeCommand, { FunctionName: 'f', Payload: Buffer.from('{}') }, 1],
    [CLOUD_MAP, GetService, GetServiceCommand, { Id: 'i' }, undefined],
  ] as unknown as readonly (readonly [Service, Class<never>, Class<unknown>, object, number | undefined])[];
  for (const [service, Ours, Theirs, given, maxAttempts] of rows) {
    for (const [what, replies] of FAILURES) {
      test(`${service.serviceId}, ${maxAttempts ?? 'no'} attempts set: ${what}`, async () => {
        const [own, theirs] = [new Recorder(...replies), new Recorder(...replies)];
        const settings = {
          region: 'us-east-1',
          credentials: async () => CREDENTIALS,
          ...(maxAttempts === undefined ? {} : { maxAttempts }),
        };
        const client = new ServiceClient(service, {
          ...settings,
          requestHandler: own,
        } satisfies ClientSettings);
        const sdk = sdkClient(service, { ...settings, requestHandler: theirs });
        const [ours, expected] = await Promise.all([
          endOf(() => client.send(new Ours(given)), own),
          endOf(() => sdk.send(new Theirs(given as never)), theirs),
        ]);
        assert.deepEqual(ours, expected);
      });
    }
  }
});

test('what STS answers is read alike', async () => {
  const error = (code: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>No</Message></Error></ErrorResponse>`;
  const credentials =
    '<AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>' +
    '<Expiration>2026-11-30T01:02:03Z</Expiration>';
  const answered = `<AssumeRoleResponse><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  const given = { RoleArn: 'arn:aws:iam::000000000000:role/r', RoleSessionName: 's' };
  for (const reply of [
    [200, answered],
    [200, '<AssumeRoleResponse/>'],
    [403, error('AccessDenied')],
    [403, error('ExpiredTokenException')],
  ] as const) {
    const settings = { region: 'eu-west-1', credentials: async () => CREDENTIALS };
    const client = new ServiceClient(STS, { ...settings, requestHandler: new Recorder(reply) });
    const sdk = sdkClient(STS, { ...settings, requestHandler: new Recorder(reply) });
    const shown = (sent: Promise<unknown>) =>
      sent.then(
        (output) => JSON.stringify((output as { Credentials?: unknown }).Credentials),
        (thrown: Error) => `${thrown.name}: ${thrown.message}`,
      );
    const own = await shown(client.send(new AssumeRole(given)));
    assert.equal(own, await shown(sdk.send(new AssumeRoleCommand(given))));
  }
});
