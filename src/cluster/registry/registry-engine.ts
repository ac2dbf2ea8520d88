// What keeps the rows of the registry. One contract, whose test every engine must pass: registry-contract.test.support.ts.
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';

/** Who holds rows and is not alive any more. */
export interface DeadHolder {
  readonly holder: number;
  /** It has closed its connections, and left the telling of their ends to others. */
  readonly hasDrained: boolean;
}

export interface RegistryEngine {
  /** In one transaction, which is durable when it resolves: rows come to a holder, and ids go, whoever holds them. What is there
   *  already, or gone, stays so. False: the holder is not alive, and no row has come. */
  write(holder: number, entering: readonly ConnectionRow[], leaving: readonly string[]): Promise<boolean>;
  dead(): Promise<readonly DeadHolder[]>;
  /** Gives at most `limit` rows of one who is dead to another, who alone has them then. None when all are given away, or when the
   *  other is not alive. */
  claim(dead: number, holder: number, limit: number): Promise<readonly ConnectionRow[]>;
  /** The ids of a holder's rows. */
  idsOf(holder: number): Promise<readonly string[]>;
  /** Those rows of a holder that are asked for. */
  rowsOf(holder: number, ids: readonly string[]): Promise<readonly ConnectionRow[]>;
}

/** A row with its holder, who may be another process than the one that speaks of it. */
export interface HeldRow extends ConnectionRow {
  readonly holder: number;
}

/** One that processes on several machines share. */
export interface SharedRegistry extends RegistryEngine {
  /** Rows come to their holders, whether those are alive or not, and ids go. An id is in one of the two at most. */
  moveIn(rows: readonly HeldRow[], leaving: readonly string[]): Promise<void>;
}
