// Test-only: one store that is written without a pause, and processes that follow its file. Run by itself it is such a process; with a
// directory and a number of seconds it is a soak, and prints what it has seen: `node following.test.support.js DIRECTORY SECONDS`.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Follower } from '../follower.ts';
import { ChangesPrunedError } from '../store.ts';
import { SqliteFollowing } from './following.ts';
import { STORE_FILE } from './problems.ts';
import { openSqliteStore } from './sqlite-store.ts';

export interface SoakOptions {
  readonly directory: string;
  readonly millis: number;
  readonly followers: number;
  readonly keptChanges: number;
  /** Of a document's text. */
  readonly bytes: number;
}

export interface SoakReport {
  readonly writes: number;
  /** The largest size of the write-ahead log, in bytes. */
  readonly walBytes: number;
  /** What each follower has in the end: as many documents as were written last, by their text. */
  readonly agree: boolean;
  /** Batches that followers took, and how often each had to read everything anew. */
  readonly batches: readonly number[];
  readonly anew: readonly number[];
  /** Errors but those of changes that were pruned. */
  readonly errors: readonly string[];
}

interface Told {
  readonly digest: string;
  readonly batches: number;
  readonly anew: number;
  readonly errors: readonly string[];
}

const KEYS = 40;
const PATH = fileURLToPath(import.meta.url);
const COLLECTION = ['000000000000', 'us-east-1', 'apis'];
const CHECK_EVERY = 50;

/** Writes for a while, then asks the followers what they have. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { directory, millis, followers, keptChanges, bytes } = options;
  const store = await openSqliteStore({ directory, keptChanges });
  const filler = 'x'.repeat(bytes);
  const put = (key: number, version: number) =>
    store.transact((tx) => tx.put([...COLLECTION, String(key)], { version, filler }));
  for (let key = 0; key < KEYS; key++) await put(key, -1);
  const children = await Promise.all(
    Array.from({ length: followers }, async () => {
      const child = fork(PATH, ['follow', directory, String(await store.latestChange())]);
      await once(child, 'message');
      return child;
    }),
  );
  let writes = 0;
  let walBytes = 0;
  const until = performance.now() + millis;
  while (performance.now() < until) {
    await Promise.all([put(writes % KEYS, writes), put((writes * 7) % KEYS, writes)]);
    const latest = await store.latestChange();
    for (const child of children) child.send({ latest });
    if (writes++ % CHECK_EVERY === 0) {
      const { size } = await stat(join(directory, `${STORE_FILE}-wal`));
      walBytes = Math.max(walBytes, size);
    }
  }
  const own = await store.read(async (tx) => digestOf(await tx.list(COLLECTION)));
  const told = await Promise.all(children.map(endOf));
  await store.close();
  return {
    ...{ writes, walBytes },
    agree: told.every(({ digest }) => digest === own),
    batches: told.map(({ batches }) => batches),
    anew: told.map(({ anew }) => anew),
    errors: told.flatMap(({ errors }) => errors),
  };
}

async function endOf(child: ChildProcess): Promise<Told> {
  child.send({ end: true });
  const [told] = (await once(child, 'message')) as [Told];
  child.kill();
  return told;
}

interface Listed {
  readonly entries: readonly { readonly document: { readonly [member: string]: unknown } }[];
}

function digestOf({ entries }: Listed): string {
  return entries.map(({ document }) => document.version).join(',');
}

/** Follows until it is told to tell. */
async function follow(directory: string, latest: number): Promise<void> {
  const documents = new SqliteFollowing(directory, latest);
  let digest = '';
  let batches = 0;
  let anew = 0;
  const errors: string[] = [];
  const read = async (): Promise<void> => {
    digest = await documents.read(async (tx) => digestOf(await tx.list(COLLECTION)));
  };
  const follower = new Follower({
    documents,
    readAll: read,
    take: async () => {
      batches++;
      await read();
    },
    onError: (error) => {
      if (error instanceof ChangesPrunedError) anew++;
      else errors.push(String(error));
    },
  });
  await follower.start();
  process.on('message', async (message: { latest?: number; end?: true }) => {
    if (message.latest !== undefined) documents.told(message.latest);
    if (message.end !== true) return;
    await follower.caughtUp();
    process.send?.({ digest, batches, anew, errors } satisfies Told);
  });
  process.send?.('ready');
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const [, , first, second, third] = argv;
  if (first === 'follow') await follow(second!, Number(third));
  else {
    const soaked = { directory: first!, followers: 4, keptChanges: 10_000, bytes: 20_000 };
    console.log(JSON.stringify(await soak({ ...soaked, millis: Number(second) * 1_000 })));
    exit(0);
  }
}
