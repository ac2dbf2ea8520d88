import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../parse-config.test.support.ts';
import { resolveSettings } from '../settings.ts';
import { UsageError } from '../usage-error.ts';

const read = (text: string) => parseConfig(text, 'postern.yaml', '/etc').sections.cluster;

test('cluster: where limits are counted, and who shares them', () => {
  assert.deepEqual([read('').name, read('').valkey], ['postern', undefined]);
  const { name, valkey } = read('cluster: { name: shop, valkey: "redis://limits:7000" }');
  assert.deepEqual([name, valkey?.hosts], ['shop', [{ host: 'limits', port: 7_000 }]]);
});

test('--cluster-valkey and POSTERN_CLUSTER_VALKEY win over the file', async () => {
  const written = { name: 'postern.yaml', text: 'cluster: { name: shop, valkey: "redis://file" }' };
  const resolved = async (flag: string | undefined, environment: Record<string, string>) => {
    const flags = new Map(flag === undefined ? [] : [['cluster-valkey', flag]]);
    const { sections } = await resolveSettings({ flags, environment, written, directory: '/' });
    return `${sections.cluster.name} ${sections.cluster.valkey?.hosts[0]?.host}`;
  };
  assert.equal(await resolved(undefined, {}), 'shop file');
  assert.equal(await resolved(undefined, { POSTERN_CLUSTER_VALKEY: 'redis://variable' }), 'shop variable');
  assert.equal(await resolved('redis://flag', { POSTERN_CLUSTER_VALKEY: 'redis://variable' }), 'shop flag');
});

const REFUSED: readonly (readonly [what: string, text: string])[] = [
  ['another word', 'cluster: { redis: 1 }'],
  ['another scheme', 'cluster: { valkey: "http://:hunter2@limits" }'],
  ['a port that is none', 'cluster: { valkey: "redis://:hunter2@limits:99999" }'],
  ['a name with a slash', 'cluster: { name: a/b }'],
];

for (const [what, text] of REFUSED) {
  test(`cluster: ${what} is refused, and no password is told`, () => {
    assert.throws(
      () => read(text),
      (error: unknown) => error instanceof UsageError && !error.message.includes('hunter2'),
    );
  });
}

test('a variable that is none is refused, and its password is not told', async () => {
  const environment = { POSTERN_CLUSTER_VALKEY: 'redis://:hunter2@limits:0' };
  await assert.rejects(
    resolveSettings({ flags: new Map(), environment, directory: '/' }),
    (error: unknown) =>
      error instanceof UsageError &&
      error.message.startsWith('POSTERN_CLUSTER_VALKEY is no place for limits: it is redis://HOST:PORT') &&
      !error.message.includes('hunter2'),
  );
});
