// What a machine by itself keeps in `runtime.db`, opened when it is first wanted.
import type { QuotaSource } from '../../websocket-api/quota-source.ts';
import { SqliteQuotas } from '../quotas/sqlite-quotas.ts';
import type { Held } from './batched-registry.ts';
import { RuntimeFile } from './runtime-file.ts';
import { SqliteRegistry } from './sqlite-registry.ts';

export interface LocalRuntime {
  readonly held: Held;
  readonly quotas: QuotaSource;
  close(): Promise<void>;
}

export interface LocalRuntimeMeans {
  /** How many serve clients. */
  readonly processes: number;
  /** Told of a file that was put aside, in a sentence. */
  readonly onDamaged: (reason: string) => void;
}

/** Throws StoreError. */
export async function openLocalRuntime(
  path: string,
  { processes, onDamaged }: LocalRuntimeMeans,
): Promise<LocalRuntime> {
  const file = await RuntimeFile.open(path, onDamaged);
  const engine = await SqliteRegistry.open(file);
  return {
    held: { engine, holder: file.incarnation },
    quotas: await SqliteQuotas.open(file, () => processes),
    close: () => file.close(),
  };
}
