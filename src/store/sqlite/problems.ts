// What SQLite and the file system say is wrong with a store → a sentence with what to do, at the start and at run time.
import { join } from 'node:path';
import { StoreError, type StoreProblem } from '../store-error.ts';
import { failureOf } from './connection.ts';

export const STORE_FILE = 'postern.db';

const RESTORE =
  'Stop the program, then restore the directory from a backup, or move it away to start with an empty store.';

/** Any failure of the store of a directory. A StoreError stays what it is. */
export function storeProblem(directory: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = failureOf(error);
  const path = join(directory, STORE_FILE);
  const [problem, sentence] = SENTENCES.find(([start]) => code.startsWith(start))?.[1](
    path,
    directory,
    withoutPoint(message),
  ) ?? ['directory', `The store in ${directory} cannot be used: ${withoutPoint(message)}.`];
  return new StoreError(problem, sentence, error);
}

/** Whether an error is one of SQLite or of the file system: not one that a caller's own work threw. */
export function isEngineFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

export function damaged(directory: string, what: string, cause?: unknown): StoreError {
  return new StoreError(
    'corrupt',
    `The store file ${join(directory, STORE_FILE)} is damaged: ${withoutPoint(what)}. ${RESTORE}`,
    cause,
  );
}

type Sentence = (path: string, directory: string, message: string) => readonly [StoreProblem, string];

const unwritable: Sentence = (_path, directory) => [
  'directory',
  `The files in the data directory ${directory} cannot be read and written by this user. Change who may do so, or choose another directory with --data DIR.`,
];
const full: Sentence = (_path, directory) => [
  'full',
  `The disk of the data directory ${directory} is full. Make room there; nothing that was stored is lost.`,
];

/** By the beginning of the code: SQLite's extended codes say more than the sentence needs. */
const SENTENCES: readonly (readonly [start: string, sentence: Sentence])[] = [
  [
    'SQLITE_NOTADB',
    (path) => ['corrupt', `The store file ${path} is damaged: it is no SQLite database. ${RESTORE}`],
  ],
  [
    'SQLITE_CORRUPT',
    (path, _directory, message) => ['corrupt', `The store file ${path} is damaged: ${message}. ${RESTORE}`],
  ],
  // The statements are always the same: what they do not fit is not the store that was opened.
  [
    'SQLITE_ERROR',
    (path, _directory, message) => ['corrupt', `The store file ${path} is damaged: ${message}. ${RESTORE}`],
  ],
  [
    'SQLITE_CONSTRAINT',
    (path, _directory, message) => [
      'corrupt',
      `The store file ${path} was changed by another program: ${message}. Start Postern anew, or restore the directory from a backup first.`,
    ],
  ],
  ['SQLITE_FULL', full],
  ['ENOSPC', full],
  ['EDQUOT', full],
  [
    'SQLITE_BUSY',
    (path) => [
      'locked',
      `The store file ${path} is locked by another program, a backup or a database shell perhaps. End that one, and try again.`,
    ],
  ],
  [
    'SQLITE_LOCKED',
    (path) => ['locked', `The store file ${path} is locked by another program. End that one, and try again.`],
  ],
  [
    'SQLITE_IOERR',
    (path, _directory, message) => [
      'io',
      `The store file ${path} cannot be read or written: ${message}. See to the disk; the system's own log may say more.`,
    ],
  ],
  ['SQLITE_CANTOPEN', unwritable],
  ['SQLITE_READONLY', unwritable],
  ['SQLITE_PERM', unwritable],
  ['SQLITE_AUTH', unwritable],
  ['EACCES', unwritable],
  ['EPERM', unwritable],
  ['EROFS', unwritable],
];

function withoutPoint(message: string): string {
  return message.replace(/\.$/, '');
}
