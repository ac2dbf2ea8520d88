// `kill -9` loses no end of a connection: the process that comes next tells it, once, and twice only where the one before had begun
// to (decision 0012).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEndsStand } from '../../support/ends-stand.ts';
import { webSocketApi } from '../../support/websocket-stand.ts';

test('every connection that was accepted has its end told after kill -9', async (t) => {
  const stand = await startEndsStand(t);
  const { told, toldOf, connected, until } = stand;

  // Three are open, one is ending, one is connecting.
  for (let i = 0; i < 3; i++) await stand.connect();
  const ending = await stand.connect();
  stand.unanswered = 'DISCONNECT';
  ending.socket.close(1000, 'bye');
  await until('the end is being told', () => told().length === 1);
  stand.unanswered = 'CONNECT';
  webSocketApi(stand, stand.apiId)
    .connect('/prod')
    .catch(() => {});
  await until('the fifth connects', () => connected().length === 5);
  await stand.kill();

  stand.unanswered = '';
  await stand.start();
  const all = connected();
  await until('all are told', () => all.every((id) => toldOf(id).some(({ how }) => how === '1006 ')));
  for (const id of all) assert.equal(toldOf(id).length, id === ending.id ? 2 : 1);
  const [first, second] = toldOf(ending.id);
  assert.equal(first!.how, '1000 bye');
  assert.equal(first!.requestId, second!.requestId);

  // Whoever is killed while it tells leaves it to the next.
  const { id: lost } = await stand.connect();
  await stand.kill();
  stand.unanswered = 'DISCONNECT';
  await stand.start();
  await until('it is being told', () => toldOf(lost).length === 1);
  await stand.kill();
  stand.unanswered = '';
  await stand.start();
  await until('it is told again', () => toldOf(lost).length === 2);
  assert.equal(new Set(toldOf(lost).map(({ requestId }) => requestId)).size, 1);

  // An orderly end tells all itself, and leaves nothing to tell.
  await stand.connect();
  const before = told().length;
  assert.equal((await stand.program.stop()).code, 0);
  assert.deepEqual(
    told()
      .slice(before)
      .map(({ how }) => how),
    ['1001 Going away'],
  );
  await stand.start();
  (await stand.connect()).socket.close(1000);
  await until('the next is told', () => told().length === before + 2);
  assert.equal(told().at(-1)!.how, '1000 ');
  assert.equal((await stand.program.stop()).code, 0);
  assert.equal(told().length, before + 2);
});
