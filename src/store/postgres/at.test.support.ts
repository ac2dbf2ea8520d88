// Test-only: opens stores in PostgreSQL, for tests and for the processes that they start.
import type { Store } from '../store.ts';
import { parsePlace } from './place.ts';
import { openPostgres, type Postgres, type PostgresOptions } from './postgres-store.ts';

/** Throws where PostgreSQL is not there. */
export async function openPostgresAt(
  url: string,
  options: Omit<PostgresOptions, 'program'> = {},
): Promise<Postgres> {
  const postgres = await openPostgres(parsePlace(url), { program: '0.1.0', ...options });
  if (postgres.watch.problem === undefined) return postgres;
  await postgres.store.close();
  throw postgres.watch.problem;
}

export async function openStoreAt(url: string): Promise<Store> {
  return (await openPostgresAt(url)).store;
}
