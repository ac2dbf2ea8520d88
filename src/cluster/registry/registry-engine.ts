// What keeps the rows of the registry. One contract, whose test every engine must pass: registry-contract.test.support.ts.
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';

export interface RegistryEngine {
  /** In one transaction, which is durable when it resolves: rows come to a holder, and ids go, whoever holds them. What is there
   *  already, or gone, stays so. False: the holder is not alive, and no row has come. */
  write(holder: number, entering: readonly ConnectionRow[], leaving: readonly string[]): Promise<boolean>;
  /** Who holds rows and is not alive any more. */
  dead(): Promise<readonly number[]>;
  /** Gives at most `limit` rows of one who is dead to another, who alone has them then. None when all are given away, or when the
   *  other is not alive. */
  claim(dead: number, holder: number, limit: number): Promise<readonly ConnectionRow[]>;
  /** The rows of a holder. */
  idsOf(holder: number): Promise<readonly string[]>;
}
