// What a machine by itself keeps in `runtime.db`, opened when it is first wanted.
import type { Held } from './batched-registry.ts';
import { RuntimeFile } from './runtime-file.ts';
import { SqliteRegistry } from './sqlite-registry.ts';

export interface LocalRuntime {
  readonly held: Held;
  close(): Promise<void>;
}

/** `onDamaged` is told of a file that was put aside. Throws StoreError. */
export async function openLocalRuntime(
  path: string,
  onDamaged: (reason: string) => void,
): Promise<LocalRuntime> {
  const file = await RuntimeFile.open(path, onDamaged);
  const engine = await SqliteRegistry.open(file);
  return { held: { engine, holder: file.incarnation }, close: () => file.close() };
}
