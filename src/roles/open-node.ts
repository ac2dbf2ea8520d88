// A node is loaded where the store is in PostgreSQL: one process on SQLite starts without any of it.
import type { NodeStore } from '../store/replica/node-store.ts';
import type { NodesRole } from './nodes.ts';
import type { RoleMeans } from './role.ts';

/** Throws StartError. */
export async function openNode(means: RoleMeans, { postgres, replica }: NodeStore): Promise<NodesRole> {
  const { openNodes } = await import('./nodes.ts');
  return openNodes({ ...means, postgres, replica });
}
