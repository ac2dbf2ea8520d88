// Test-only: opens SQLite stores for the processes that the tests start. Run by itself it tries to open the store of
// the directory given and exits with 3 when that is locked.
import { argv, exit } from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Store } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { openSqliteStore } from './sqlite-store.ts';

export function openStoreAt(directory: string): Promise<Store> {
  return openSqliteStore({ directory });
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    await (await openStoreAt(argv[2]!)).close();
  } catch (error) {
    exit(error instanceof StoreError && error.problem === 'locked' ? 3 : 1);
  }
}
