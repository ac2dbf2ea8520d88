// The store of a node: PostgreSQL, and the replica of it in the data directory.

import type { PostgresPlace } from '../postgres/place.ts';
import { openPostgres, type Postgres, type PostgresOptions } from '../postgres/postgres-store.ts';
import { FallbackStore } from './fallback-store.ts';
import { openReplica, type Replica, type ReplicaMeans } from './replica.ts';

export interface NodeStoreMeans extends PostgresOptions, Omit<ReplicaMeans, 'postgres'> {
  readonly place: PostgresPlace;
}

export interface NodeStore {
  readonly store: FallbackStore;
  readonly replica: Replica;
  readonly postgres: Postgres;
}

/** Opens both. While PostgreSQL cannot be reached, the replica serves alone, as far as it has ever been filled. Throws StoreError. */
export async function openNodeStore(means: NodeStoreMeans): Promise<NodeStore> {
  const postgres = await openPostgres(means.place, means);
  try {
    const replica = await openReplica({ ...means, postgres });
    return { store: new FallbackStore(postgres, replica), replica, postgres };
  } catch (error) {
    await postgres.store.close();
    throw error;
  }
}
