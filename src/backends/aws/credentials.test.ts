import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AwsCredentials, keptUntilExpiry } from './credentials.ts';

const MINUTE = 60_000;

function scripted(now: () => number) {
  let calls = 0;
  const provider = keptUntilExpiry(async () => {
    calls++;
    return { accessKeyId: `AKID${calls}`, secretAccessKey: 's', expiration: new Date(now() + 60 * MINUTE) };
  }, now);
  return { provider, calls: () => calls };
}

test('credentials are kept until five minutes before they expire', async () => {
  let time = 0;
  const { provider } = scripted(() => time);
  const idAt = async (minutes: number): Promise<string> => {
    time = minutes * MINUTE;
    return (await provider()).accessKeyId;
  };
  assert.deepEqual(
    [await idAt(0), await idAt(54), await idAt(55), await idAt(56)],
    ['AKID1', 'AKID1', 'AKID2', 'AKID2'],
  );
});

test('callers who wait at the same time share one call', async () => {
  const { provider, calls } = scripted(() => 0);
  const all = await Promise.all([provider(), provider(), provider()]);
  assert.deepEqual(
    [calls(), all.map((each: AwsCredentials) => each.accessKeyId)],
    [1, ['AKID1', 'AKID1', 'AKID1']],
  );
});

test('a failure is not kept', async () => {
  let calls = 0;
  const provider = keptUntilExpiry(async () => {
    if (++calls === 1) throw new Error('no such role');
    return { accessKeyId: 'AKID', secretAccessKey: 's' };
  });
  await assert.rejects(provider(), /no such role/);
  assert.equal((await provider()).accessKeyId, 'AKID');
});
