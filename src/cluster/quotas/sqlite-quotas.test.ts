import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RuntimeFile } from '../registry/runtime-file.ts';
import { quotaContract } from './quota-contract.test.support.ts';
import { SqliteQuotas } from './sqlite-quotas.ts';

const root = await mkdtemp(join(tmpdir(), 'postern-quotas-'));
after(() => rm(root, { recursive: true, force: true }));
let files = 0;
const openFile = (number: number): Promise<RuntimeFile> =>
  RuntimeFile.open(join(root, `${number}.db`), assert.fail);

quotaContract('SQLite', async () => {
  const number = files++;
  const opened: RuntimeFile[] = [];
  return {
    async join(processes) {
      const file = await openFile(number);
      opened.push(file);
      return SqliteQuotas.open(file, () => processes);
    },
    async close() {
      for (const file of opened) await file.close();
    },
  };
});

test('old periods go', async () => {
  const file = await openFile(files++);
  const quotas = await SqliteQuotas.open(file, () => 1);
  for (let day = 0; day < 20; day++) assert.equal(await quotas.take('key', `${day}`, 1), 1);
  assert.equal(await quotas.take('key', '19', 1), 0);
  assert.equal(await quotas.take('key', '16', 1), 0);
  const rows = await file.prepare('select count(*) from usage');
  assert.deepEqual(rows.get([]), [4]);
  await file.close();
});
