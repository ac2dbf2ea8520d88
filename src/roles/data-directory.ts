// The data directory: the store, and what other parts of the program keep beside it. Nobody else may read any of it.
import { join } from 'node:path';
import { closeToOthers, openingToOthers } from '../private-files.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { RoleMeans } from './role.ts';

/** Access logs whose destination no setting names. */
export function accessLogsIn(data: string): string {
  return join(data, 'access-logs');
}

/** What S3 gave. */
export function truststoresIn(data: string): string {
  return join(data, 'truststores');
}

/** Code of functions of stacks that was packed, or stood in the template. */
export function codeIn(data: string): string {
  return join(data, 'functions');
}

/** Opens the store. What earlier versions made readable for others is so no more. Throws StoreError. */
export async function openData({ settings: { data }, log }: RoleMeans): Promise<Store> {
  const store = await openSqliteStore({ directory: data });
  await closeToOthers(accessLogsIn(data));
  await closeToOthers(truststoresIn(data));
  const opening = await openingToOthers(data);
  if (opening !== undefined) log('data.open-to-others', { data, reason: opening });
  return store;
}
