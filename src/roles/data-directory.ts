// The data directory: the store, and what other parts of the program keep beside it. Nobody else may read any of it.
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeToOthers, openingToOthers, PRIVATE_FILE } from '../private-files.ts';
import type { PostgresPlace } from '../store/postgres/place.ts';
import type { NodeStore } from '../store/replica/node-store.ts';
import { STORE_FILE } from '../store/sqlite/problems.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { DocumentSource, Store } from '../store/store.ts';
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

const SECRET_BYTES = 32;

/** The secret that processes on one data directory make keys of session tickets of. Made when it is not there: whole or not at all, and
 *  once, however many ask. */
export function ticketSecretIn(data: string): Buffer {
  const path = join(data, 'tickets.key');
  const found = readSecret(path);
  if (found !== undefined) return found;
  const made = `${path}.${process.pid}`;
  writeFileSync(made, randomBytes(SECRET_BYTES), { mode: PRIVATE_FILE });
  try {
    linkSync(made, path);
  } catch (error) {
    if (!isThere(error)) throw error;
  } finally {
    rmSync(made);
  }
  return readFileSync(path);
}

/** Undefined when there is none; what is shorter than ours is none. */
function readSecret(path: string): Buffer | undefined {
  try {
    const secret = readFileSync(path);
    if (secret.length >= SECRET_BYTES) return secret;
    rmSync(path);
    return undefined;
  } catch {
    return undefined;
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** What a process has to know of those before it. */
export function runtimeFileIn(data: string): string {
  return join(data, 'runtime.db');
}

/** Where documents are. */
export interface OpenedStore {
  readonly store: Store;
  /** What data planes and functions hosts follow. */
  readonly documents: DocumentSource;
  /** The SQLite file in the data directory that other processes of this machine read. */
  readonly file: string;
  /** How old at most what is read of the store is at present, in seconds; undefined while that is what is stored. */
  readonly behindSeconds?: () => number | undefined;
  /** Of a store in PostgreSQL. */
  readonly node?: NodeStore;
}

/** Opens the store. What earlier versions made readable for others is so no more. Throws StoreError. */
export async function openData(means: RoleMeans): Promise<OpenedStore> {
  const {
    settings: { data, store: place },
    log,
  } = means;
  const opened = place === undefined ? await openHere(data) : await openPostgresStore(place, means);
  await closeToOthers(accessLogsIn(data));
  await closeToOthers(truststoresIn(data));
  const opening = await openingToOthers(data);
  if (opening !== undefined) log('data.open-to-others', { data, reason: opening });
  return opened;
}

async function openHere(directory: string): Promise<OpenedStore> {
  const store = await openSqliteStore({ directory });
  return { store, documents: store, file: STORE_FILE };
}

/** PostgreSQL may be away: then what the data directory has of it is served. */
async function openPostgresStore(place: PostgresPlace, means: RoleMeans): Promise<OpenedStore> {
  const [{ openNodeStore }, { REPLICA_FILE }, { version }] = await Promise.all([
    import('../store/replica/node-store.ts'),
    import('../store/replica/replica-file.ts'),
    import('../cli/version.ts'),
  ]);
  const { log } = means;
  const node = await openNodeStore({
    place,
    program: version(),
    directory: means.settings.data,
    onDown: ({ message }) => log('store.down', { reason: message }),
    onUp: () => log('store.up', {}),
    onDamaged: (reason) => log('replica.damaged', { reason }),
    onError: ({ message }) => log('replica.behind', { reason: message }),
    onRecovered: () => log('replica.recovered', {}),
  });
  const { store, replica } = node;
  return { store, documents: replica, file: REPLICA_FILE, behindSeconds: () => store.behindSeconds, node };
}
