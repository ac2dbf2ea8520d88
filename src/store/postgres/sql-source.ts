// What other parts of a cluster keep in the store's PostgreSQL beside documents: nodes, connections, quotas. They have tables in the
// store's schema (schema.ts), and share its six connections.
import type { Query } from './connection.ts';

export interface SqlSource {
  /** Of the tables, as SQL has it: `"postern".node`. */
  readonly schema: string;
  /** A statement that is a transaction by itself. Throws StoreError; at once while PostgreSQL is away. */
  readonly query: Query;
  /** Several in one transaction (read committed, 5 s a statement). Throws StoreError, and what `work` throws, which undoes it. */
  transact<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** A statement on the connection of beats, between those, which nobody keeps waiting. */
  readonly beat: Query;
  /** A beat of somebody else has told the number of the newest change. */
  note(latest: number): void;
}

/** Which rows of `node` are of nodes that live. */
export const ALIVE = `state in ('up', 'draining')`;
