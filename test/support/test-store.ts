// A store in a directory of its own, and what rules of resources work with in one of its transactions.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Context } from '../../src/resources/context.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store, Transaction } from '../../src/store/store.ts';
import { ACCOUNT, REGION } from './postern.ts';

/** Closed and deleted with the test. */
export async function openTestStore(t: Pick<TestContext, 'after'>): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-store-'));
  const store = await openSqliteStore({ directory });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
}

/** Of the account and region of the tests, at a time of their choice. */
export function contextOf(tx: Transaction, now = new Date('2026-03-01T12:00:00Z')): Context {
  return { tx, account: ACCOUNT, region: REGION, now, endpoint: (apiId) => `http://${apiId}.example` };
}
