// The directory of sockets: nobody but its owner gets in, however it came there.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { RunDirectory } from './run-directory.ts';

test('sockets are where nobody else gets in, though the directory was open or its path is long', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'run-'));
  t.after(() => rm(data, { recursive: true }));
  await mkdir(join(data, 'run'));
  await chmod(join(data, 'run'), 0o777);
  const long = join(data, 'x'.repeat(100));
  for (const each of [data, long]) {
    const run = await RunDirectory.open(each);
    t.after(() => run.close());
    const { mode, uid } = await stat(dirname(await run.socket('management.sock')));
    assert.deepEqual([mode & 0o7777, uid], [0o700, process.getuid!()]);
  }
});
