import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetfulQuotas } from '../../test/support/forgetful-runtime.ts';
import type { Clock } from '../clock.ts';
import { HeaderBlock } from '../net/header-block.ts';
import { type ApiKeySettings, ApiKeys } from './api-keys.ts';
import type { SocketEvent } from './event.ts';

const KEY: ApiKeySettings = {
  id: 'k',
  value: 'value',
  isEnabled: true,
  stages: ['*'],
  throttle: undefined,
  quota: undefined,
};

const clockOf = (now: () => number): Clock => ({ monotonic: now, epoch: now, onAhead() {} });

function connect(): SocketEvent {
  return {
    request: { headers: HeaderBlock.fromPairs(['x-api-key', 'value']) },
    stage: { apiId: 'a1b2c3d4e5', name: 'prod', apiKeySource: 'header' },
    connection: {},
  } as unknown as SocketEvent;
}

const PERIODS = [
  ['DAY', '2026-03-04T23:59:59Z', '2026-03-05T00:00:00Z'],
  ['WEEK', '2026-03-08T23:59:59Z', '2026-03-09T00:00:00Z'],
  ['MONTH', '2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z'],
] as const;

for (const [period, last, next] of PERIODS) {
  test(`a quota is for a ${period} of UTC (spec/websocket-api.md §2.7.3)`, async () => {
    let now = Date.parse(last);
    const keys = new ApiKeys(
      [{ ...KEY, quota: { limit: 2, period } }],
      forgetfulQuotas(),
      clockOf(() => now),
    );
    const told = async () => (await keys.check(connect()))?.message;
    assert.deepEqual(
      [await told(), await told(), await told(), await told()],
      [undefined, undefined, 'Limit Exceeded', 'Limit Exceeded'],
    );
    now = Date.parse(next);
    assert.deepEqual([await told(), await told(), await told()], [undefined, undefined, 'Limit Exceeded']);
  });
}

test('a connect that is throttled does not count for the quota, nor the reverse', async () => {
  let now = Date.parse('2026-03-04T00:00:00Z');
  const throttle = { rateLimit: 1, burstLimit: 1 };
  const keys = new ApiKeys(
    [{ ...KEY, throttle, quota: { limit: 2, period: 'DAY' } }],
    forgetfulQuotas(),
    clockOf(() => now),
  );
  const told = async () => (await keys.check(connect()))?.message;
  assert.deepEqual(
    [await told(), await told(), await told()],
    [undefined, 'Too Many Requests', 'Too Many Requests'],
  );
  now += 1_000;
  assert.equal(await told(), undefined);
  now += 1_000;
  assert.equal(await told(), 'Limit Exceeded');
});

test('the key is kept in the connection', async () => {
  const event = connect();
  assert.equal(await new ApiKeys([KEY], forgetfulQuotas()).check(event), undefined);
  assert.deepEqual(event.connection.apiKey, { value: 'value', id: 'k' });
  const refused = connect();
  assert.equal(
    (await new ApiKeys([{ ...KEY, isEnabled: false }], forgetfulQuotas()).check(refused))?.status,
    403,
  );
  assert.equal(refused.connection.apiKey, undefined);
});

test('other rules for a key: what it has used counts on', async () => {
  const now = Date.parse('2026-03-04T00:00:00Z');
  const quota = (limit: number, period: 'DAY' | 'WEEK' = 'DAY') => ({ ...KEY, quota: { limit, period } });
  const keys = new ApiKeys(
    [quota(2)],
    forgetfulQuotas(),
    clockOf(() => now),
  );
  const told = async () => (await keys.check(connect()))?.message;
  assert.deepEqual([await told(), await told(), await told()], [undefined, undefined, 'Limit Exceeded']);
  keys.replace([quota(3)]);
  assert.deepEqual([await told(), await told()], [undefined, 'Limit Exceeded']);
  keys.replace([quota(1, 'WEEK')]);
  assert.deepEqual([await told(), await told()], [undefined, 'Limit Exceeded']);
  keys.replace([]);
  assert.equal(await told(), 'Forbidden');
  // Also what it had used before it was away.
  keys.replace([quota(3)]);
  assert.equal(await told(), 'Limit Exceeded');
  keys.replace([quota(4)]);
  assert.equal(await told(), undefined);
  keys.replace([{ ...KEY, throttle: { rateLimit: 1, burstLimit: 2 } }]);
  assert.equal(await told(), undefined);
  keys.replace([{ ...KEY, throttle: { rateLimit: 1, burstLimit: 1 } }]);
  assert.deepEqual([await told(), await told()], [undefined, 'Too Many Requests']);
  keys.replace([{ ...KEY, throttle: { rateLimit: 1, burstLimit: 5 } }]);
  assert.equal(await told(), 'Too Many Requests');
});
