// Every example runs as its README says and prints what its README shows.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { Program } from '../support/program.ts';

test('examples/mapping prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const server = new Program(['start', '--listen', '127.0.0.1:0'], { cwd: directory });
  const backend = new Program(['0'], { cwd: directory, entry: resolve('examples/echo-backend.mjs') });
  t.after(async () => {
    for (const program of [server, backend]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  const line = await backend.line('http://');
  const run = new Program([], {
    cwd: resolve('.'),
    entry: resolve('examples/mapping/run.mjs'),
    environment: {
      NODE_NO_WARNINGS: '1',
      POSTERN_URL: management,
      BACKEND: new URL(line.split(' ').at(-1)!).host,
    },
  });
  const { code, stdout, stderr } = await run.outcome;
  assert.equal(stderr, '');
  assert.equal(code, 0);
  const readme = await readFile('examples/mapping/README.md', 'utf8');
  const shown = readme.split('It prints:\n\n```\n')[1]!.split('```')[0];
  assert.equal(stdout, shown);
});
