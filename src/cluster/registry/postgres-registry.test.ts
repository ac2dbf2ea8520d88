// The registry and the quotas of a cluster, on a real PostgreSQL: their contracts, and what happens side by side.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openPostgresStand, type PostgresStand } from '../../../test/cluster/postgres-stand.ts';
import { openPostgresAt } from '../../store/postgres/at.test.support.ts';
import type { Postgres } from '../../store/postgres/postgres-store.ts';
import { PostgresQuotas } from '../quotas/postgres-quotas.ts';
import { quotaContract } from '../quotas/quota-contract.test.support.ts';
import { joinNodes, killNodes } from './nodes.test.support.ts';
import { PostgresRegistry } from './postgres-registry.ts';
import { registryContract } from './registry-contract.test.support.ts';
import { registryKillContract } from './registry-kill-contract.test.support.ts';

describe('in PostgreSQL', () => {
  let stand: PostgresStand;
  before(async () => {
    stand = await openPostgresStand();
  });
  after(() => stand.close());

  async function openPlace(): Promise<{ readonly postgres: Postgres; close(): Promise<void> }> {
    const postgres = await openPostgresAt(await stand.createDatabase());
    return { postgres, close: () => postgres.store.close() };
  }

  registryContract('PostgreSQL', async () => {
    const { postgres, close } = await openPlace();
    const engine = new PostgresRegistry(postgres.sql);
    return {
      async join() {
        const [holder] = await joinNodes(postgres, 1);
        return { engine, holder: holder! };
      },
      killAll: () => killNodes(postgres, 'gone'),
      close,
    };
  });

  quotaContract('PostgreSQL', async () => {
    const { postgres, close } = await openPlace();
    return { join: async (processes) => new PostgresQuotas(postgres.sql, () => processes), close };
  });

  registryKillContract({
    name: 'PostgreSQL',
    createLocation: () => stand.createDatabase(),
    async open(location) {
      const postgres = await openPostgresAt(location);
      const [holder] = await joinNodes(postgres, 1);
      return {
        held: { engine: new PostgresRegistry(postgres.sql), holder: holder! },
        close: () => postgres.store.close(),
      };
    },
  });

  test('several claim side by side: each row goes to one of them', async () => {
    const { postgres, close } = await openPlace();
    const engine = new PostgresRegistry(postgres.sql);
    const [dead] = await joinNodes(postgres, 1);
    const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: `${i}`, info: '{}' }));
    await engine.write(dead!, rows, []);
    await killNodes(postgres, 'drained');
    assert.deepEqual(await engine.dead(), [{ holder: dead, hasDrained: true }]);
    const claimed: string[] = [];
    const claimAll = async (holder: number): Promise<void> => {
      for (;;) {
        const some = await engine.claim(dead!, holder, 100);
        if (some.length === 0) return;
        claimed.push(...some.map(({ id }) => id));
      }
    };
    await Promise.all((await joinNodes(postgres, 3)).map(claimAll));
    assert.equal(claimed.length, 2_000);
    assert.equal(new Set(claimed).size, 2_000);
    await close();
  });

  test('who is declared gone while it enters: its row is found, or was never there', async () => {
    const { postgres, close } = await openPlace();
    const engine = new PostgresRegistry(postgres.sql);
    for (let round = 0; round < 30; round++) {
      const [holder, survivor] = await joinNodes(postgres, 2);
      const row = { id: `row${round}`, info: '{}' };
      const [isThere] = await Promise.all([
        engine.write(holder!, [row], []),
        killNodes(postgres, 'gone', holder),
      ]);
      const claimed = await engine.claim(holder!, survivor!, 10);
      assert.deepEqual(claimed, isThere ? [row] : []);
    }
    await close();
  });
});
