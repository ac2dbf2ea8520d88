import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  test(`a quota is for a ${period} of UTC (spec/websocket-api.md §2.7.3)`, () => {
    let now = Date.parse(last);
    const keys = new ApiKeys([{ ...KEY, quota: { limit: 2, period } }], () => now);
    const told = (): string | undefined => keys.check(connect())?.message;
    assert.deepEqual(
      [told(), told(), told(), told()],
      [undefined, undefined, 'Limit Exceeded', 'Limit Exceeded'],
    );
    now = Date.parse(next);
    assert.deepEqual([told(), told(), told()], [undefined, undefined, 'Limit Exceeded']);
  });
}

test('a connect that is throttled does not count for the quota, nor the reverse', () => {
  let now = Date.parse('2026-03-04T00:00:00Z');
  const throttle = { rateLimit: 1, burstLimit: 1 };
  const keys = new ApiKeys([{ ...KEY, throttle, quota: { limit: 2, period: 'DAY' } }], () => now);
  const told = (): string | undefined => keys.check(connect())?.message;
  assert.deepEqual([told(), told(), told()], [undefined, 'Too Many Requests', 'Too Many Requests']);
  now += 1_000;
  assert.equal(told(), undefined);
  now += 1_000;
  assert.equal(told(), 'Limit Exceeded');
});

test('the key is kept in the connection', () => {
  const event = connect();
  assert.equal(new ApiKeys([KEY]).check(event), undefined);
  assert.deepEqual(event.connection.apiKey, { value: 'value', id: 'k' });
  const refused = connect();
  assert.equal(new ApiKeys([{ ...KEY, isEnabled: false }]).check(refused)?.status, 403);
  assert.equal(refused.connection.apiKey, undefined);
});

test('other rules for a key: what it has used counts on, other keys begin anew', () => {
  const now = Date.parse('2026-03-04T00:00:00Z');
  const quota = (limit: number, period: 'DAY' | 'WEEK' = 'DAY') => ({ ...KEY, quota: { limit, period } });
  const keys = new ApiKeys([quota(2)], () => now);
  const told = (): string | undefined => keys.check(connect())?.message;
  assert.deepEqual([told(), told(), told()], [undefined, undefined, 'Limit Exceeded']);
  keys.replace([quota(3)]);
  assert.deepEqual([told(), told()], [undefined, 'Limit Exceeded']);
  keys.replace([quota(1, 'WEEK')]);
  assert.deepEqual([told(), told()], [undefined, 'Limit Exceeded']);
  keys.replace([]);
  assert.equal(told(), 'Forbidden');
  keys.replace([quota(1)]);
  assert.equal(told(), undefined);
  keys.replace([{ ...KEY, throttle: { rateLimit: 1, burstLimit: 2 } }]);
  assert.equal(told(), undefined);
  keys.replace([{ ...KEY, throttle: { rateLimit: 1, burstLimit: 1 } }]);
  assert.deepEqual([told(), told()], [undefined, 'Too Many Requests']);
  keys.replace([{ ...KEY, throttle: { rateLimit: 1, burstLimit: 5 } }]);
  assert.equal(told(), 'Too Many Requests');
});
