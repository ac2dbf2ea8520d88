// `postern store`: what is done to a store as a whole. It opens the store itself, and asks no server.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { unreachable } from '../../defect.ts';
import { suggestion, UsageError } from '../../settings/usage-error.ts';
import { CannotRead } from '../../store/dump/cannot-read.ts';
import { type DumpHead, printDump, readDump, type StoredDocument } from '../../store/dump/dump-text.ts';
import { type PostgresPlace, printPlace } from '../../store/postgres/place.ts';
import { CommandError } from '../command-error.ts';
import type { Flags } from '../command-line.ts';
import { type Given, readOptions } from '../read-options.ts';
import { OWN_OPTIONS, STORE_ACTIONS, STORE_OPTIONS, type StoreAction } from './store-options.ts';

export interface StoreMeans {
  readonly settings: { readonly data: string; readonly store: PostgresPlace | undefined };
  readonly program: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly errors: { write(text: string): unknown };
}

/** Returns the exit code. Throws UsageError, CommandError and StoreError. */
export async function runStore(
  words: readonly string[],
  meansOf: (flags: Flags) => Promise<StoreMeans>,
): Promise<number> {
  const given = readOptions('postern store', STORE_OPTIONS, words);
  const action = actionOf(given);
  const means = await meansOf(given.flags);
  switch (action) {
    case 'export':
      await exportStore(means, given.flags.get('output'));
      return 0;
    case 'import':
      await importStore(means, given.operands[1]!);
      return 0;
    case 'upgrade':
      await upgradeStore(means, given.switches.has('check'));
      return 0;
    case 'restored':
      await tellRestored(means, given.switches.has('copy'));
      return 0;
    default:
      return unreachable(action);
  }
}

function actionOf({ operands, flags, switches }: Given): StoreAction {
  const [word, ...rest] = operands;
  const action = STORE_ACTIONS.find((each) => each === word);
  if (action === undefined) {
    const asked =
      word === undefined
        ? 'postern store is asked to do nothing.'
        : `postern store does not do ${JSON.stringify(word)}.${suggestion(word, STORE_ACTIONS)}`;
    throw new UsageError(`${asked} It is one of ${STORE_ACTIONS.join(', ')}.`);
  }
  const wanted = action === 'import' ? 1 : 0;
  if (rest.length !== wanted) {
    throw new UsageError(
      wanted === 1
        ? 'postern store import takes one FILE, or "-" for standard input.'
        : `postern store ${action} takes no argument, but got ${JSON.stringify(rest[0])}.`,
    );
  }
  const others = Object.values(OWN_OPTIONS)
    .flat()
    .filter((flag) => !OWN_OPTIONS[action].includes(flag));
  const wrong = others.find((flag) => flags.has(flag) || switches.has(flag));
  if (wrong !== undefined) throw new UsageError(`--${wrong} is not for postern store ${action}.`);
  return action;
}

async function exportStore(means: StoreMeans, file: string | undefined): Promise<void> {
  const { settings, program, errors } = means;
  const use = async (head: Omit<DumpHead, 'format'>, pages: AsyncIterable<readonly StoredDocument[]>) => {
    // Documents hold what APIs are made of: the file is its owner's alone.
    const output = file === undefined ? means.output : createWriteStream(file, { mode: 0o600 });
    await pipeline(printDump(head, pages), output, { end: file !== undefined });
    return head.documents;
  };
  const documents =
    settings.store === undefined
      ? await (await import('../../store/sqlite/dump.ts')).dumpSqlite(settings.data, use)
      : await (await import('../../store/postgres/dump.ts')).dumpPostgres(settings.store, program, use);
  errors.write(`${documents} documents of ${nameOf(settings)} were exported.\n`);
}

async function importStore({ settings, program, input, errors }: StoreMeans, file: string): Promise<void> {
  const stream = file === '-' ? input : createReadStream(file);
  stream.setEncoding('utf8');
  try {
    const dump = await readDump(stream as AsyncIterable<string>);
    if (settings.store === undefined)
      await (await import('../../store/sqlite/dump.ts')).fillSqlite(settings.data, dump);
    else await (await import('../../store/postgres/dump.ts')).fillPostgres(settings.store, program, dump);
    errors.write(`${dump.head.documents} documents are in ${nameOf(settings)}.\n`);
  } catch (error) {
    const name = file === '-' ? 'What came from standard input' : `The file ${file}`;
    if (error instanceof CannotRead) {
      throw new CommandError(`${name} cannot be imported: ${error.message}. Nothing was.`, { cause: error });
    }
    const code =
      error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new CommandError(`${name} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`, {
      cause: error,
    });
  }
}

async function upgradeStore({ settings, program, output }: StoreMeans, isCheck: boolean): Promise<void> {
  if (settings.store === undefined) {
    output.write(
      `${nameOf(settings)} needs none: a store in SQLite has the format of this version, or is refused.\n`,
    );
    return;
  }
  const { missingStatements, upgradeSchema } = await import('../../store/postgres/dump.ts');
  const missing = await missingStatements(settings.store, program);
  for (const statement of missing) output.write(`${statement};\n`);
  if (missing.length === 0) output.write(`-- ${nameOf(settings)} has all that this version wants.\n`);
  else if (!isCheck) await upgradeSchema(settings.store, program);
}

async function tellRestored({ settings, program, output }: StoreMeans, asCopy: boolean): Promise<void> {
  if (settings.store === undefined) {
    throw new CommandError(
      'A store in SQLite needs no word of that: start Postern on the restored directory.',
    );
  }
  await (await import('../../store/postgres/dump.ts')).forgetNodes(settings.store, program, asCopy);
  output.write(
    `The nodes and connections that ${nameOf(settings)} had are forgotten${asCopy ? ', and it is a cluster of its own' : ''}.\n`,
  );
}

function nameOf({ store, data }: StoreMeans['settings']): string {
  return store === undefined ? `the store in ${data}` : `the store at ${printPlace(store)}`;
}
