// The ends of connections whose node has died, and of those that were open while PostgreSQL was away (decision 0012).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEndsStand } from '../support/ends-stand.ts';
import { openPostgresStand, type PostgresStand } from './postgres-stand.ts';

describe('connections of nodes', () => {
  let postgres: PostgresStand;
  before(async () => {
    postgres = await openPostgresStand();
  });
  after(() => postgres.close());

  test('survivors tell the ends of a node that died; an outage of PostgreSQL loses none and tells none twice', async (t) => {
    const stand = await startEndsStand(
      t,
      `store: ${await postgres.createDatabase()}
cluster: { secret: a-secret-of-at-least-thirty-two-characters, listen: "127.0.0.1:0", leaseSeconds: 2 }
`,
    );
    const { toldOf, told, until } = stand;
    const lost = [await stand.connect(), await stand.connect()];
    const first = stand.program;
    await stand.start('other');
    const kept = await stand.connect();
    await first.stop('SIGKILL');
    const killedAt = performance.now();
    await until('the survivor tells', () => lost.every(({ id }) => toldOf(id).length === 1));
    t.diagnostic(`told ${Math.round(performance.now() - killedAt)} ms after a node died, with leases of 2 s`);
    assert.deepEqual([...new Set(told().map(({ how }) => how))], ['1006 ']);
    assert.equal(toldOf(kept.id).length, 0);

    // Alone, it knows that nobody can claim anything while PostgreSQL is away.
    await postgres.signal('SIGSTOP');
    const meanwhile = await stand.connect();
    const ended = await stand.connect();
    ended.socket.close(1000, 'bye');
    kept.socket.close(1000, 'bye');
    await until('both are told', () => toldOf(ended.id).length + toldOf(kept.id).length === 2);
    // What has left is on the disk by the time that the next row is.
    const last = await stand.connect();
    await stand.kill();
    await postgres.signal('SIGCONT');
    await stand.start('other');
    await until('the rest is told', () => [meanwhile, last].every(({ id }) => toldOf(id).length === 1));
    const next = await stand.connect();
    assert.equal((await stand.program.stop()).code, 0);
    assert.equal(toldOf(next.id)[0]!.how, '1001 Going away');
    for (const id of stand.connected()) assert.equal(toldOf(id).length, 1, id);
  });
});
