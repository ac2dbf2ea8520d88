// Test-only: run as a process, it writes to a store from many writers at once and says a line for every acknowledged
// write, until it is killed. Arguments: the engine's module, the store's location, the number of the round.
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Store } from '../store.ts';

export const STORM_ROOT = ['000000000000', 'us-east-1'] as const;
const WRITERS = 8;

async function writeForever(store: Store, writer: string): Promise<void> {
  let previous: string | undefined;
  for (let n = 0; ; n++) {
    const id = `${writer}-${n}`;
    const parts = n % 4;
    // Every third write takes the one before it away, in the same transaction.
    const replaces = n % 3 === 2 ? previous : undefined;
    await store.transact(async (tx) => {
      const key = [...STORM_ROOT, 'groups', id];
      await tx.put(key, { parts, filling: 'x'.repeat((n * 97) % 5000), ...(replaces && { replaces }) });
      for (let part = 0; part < parts; part++) await tx.put([...key, 'parts', `${part}`], { part });
      if (replaces !== undefined) await tx.delete([...STORM_ROOT, 'groups', replaces]);
    });
    writeSync(1, replaces === undefined ? `put ${id}\n` : `put ${id}\ndelete ${replaces}\n`);
    previous = id;
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const [, , module, location, round] = argv;
  const engine: { openStoreAt(location: string): Promise<Store> } = await import(module!);
  const store = await engine.openStoreAt(location!);
  await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => writeForever(store, `${round}-${writer}`)),
  );
}
