// The ends of connections whose worker, or whose primary, has died (decision 0012).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { processOf } from '../../../src/websocket-api/connections/connection-id.ts';
import { type OpenSocket, startEndsStand } from '../../support/ends-stand.ts';
import type { Listed } from '../../support/workers-stand.ts';

test('the ends of a worker that died are told through another at once, those of a primary by the next', async (t) => {
  const stand = await startEndsStand(t, 'workers: 2\n');
  const { told, toldOf, until } = stand;
  const pidOf = async (slot: number): Promise<number> => {
    const text = await readFile(join(stand.cwd, 'data', 'run', 'processes.json'), 'utf8');
    return (JSON.parse(text) as { processes: Listed[] }).processes.find(
      ({ role }) => role === `worker ${slot}`,
    )!.pid;
  };
  const of = (sockets: readonly OpenSocket[], slot: number): readonly OpenSocket[] =>
    sockets.filter(({ id }) => processOf(id) === slot);
  /** Opens some until each worker has two at least. */
  const open = async (): Promise<OpenSocket[]> => {
    const sockets: OpenSocket[] = [];
    while (of(sockets, 0).length < 2 || of(sockets, 1).length < 2) sockets.push(await stand.connect());
    return sockets;
  };

  const sockets = await open();
  // One that is stopped is killed as well: by its primary, when it has been silent for long.
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) process.kill(await pidOf(0), signal);
  const killedAt = performance.now();
  const lost = of(sockets, 0);
  await until('they are told', () => lost.every(({ id }) => toldOf(id).length === 1));
  t.diagnostic(`told ${Math.round(performance.now() - killedAt)} ms after the worker died`);
  assert.deepEqual([...new Set(told().map(({ how }) => how))], ['1006 ']);
  assert.equal(told().length, lost.length);

  // Those of the other worker are as they were.
  const [still] = of(sockets, 1);
  still!.socket.close(1000, 'bye');
  await until('the other ends', () => toldOf(still!.id).length === 1);
  assert.equal(toldOf(still!.id)[0]!.how, '1000 bye');
  await stand.program.line('"event":"worker.replaced"');

  const before = told().length;
  await open();
  const open2 = stand.connected().length - before;
  await stand.kill();
  const restartedAt = performance.now();
  await stand.start();
  await until('all are told', () => told().length === before + open2);
  t.diagnostic(`told ${Math.round(performance.now() - restartedAt)} ms after the restart`);
  const ids = stand.connected();
  for (const id of ids) assert.equal(toldOf(id).length, 1, id);
  assert.equal((await stand.program.stop()).code, 0);
  assert.equal(told().length, before + open2);
});
