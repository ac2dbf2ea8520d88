// What PostgreSQL, or the way to it, says is wrong → a sentence with what to do. Sentences name the place without its password.
import { messageOf } from '../../defect.ts';
import { StoreError, type StoreProblem } from '../store-error.ts';
import { type PostgresPlace, printPlace } from './place.ts';

/** Any failure of a store in PostgreSQL. A StoreError stays what it is. */
export function postgresProblem(place: PostgresPlace, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const at = printPlace(place);
  const message = withoutPoint(messageOf(error));
  const [problem, sentence] =
    SENTENCES.find(([start]) => codeOf(error).startsWith(start))?.[1](at, message, place) ??
    (isOfStatement(error)
      ? (['write', `PostgreSQL at ${at} did not do it: ${message}.`] as const)
      : (['unreachable', `PostgreSQL at ${at} cannot be reached: ${message || codeOf(error)}.`] as const));
  return new StoreError(problem, sentence, error);
}

/** SQLSTATE, or the system's code; '' for neither. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether an error is one of the server's, of a statement that it was given: the connection goes on. */
export function isOfStatement(error: unknown): boolean {
  const code = codeOf(error);
  return /^[0-9A-Z]{5}$/.test(code) && !GONE.some((start) => code.startsWith(start));
}

/** The server ends the connection, or is one that takes no writes. */
const GONE = ['08', '57P0', '25006', '25P03', '25P04', 'EPIPE'];

export function damaged(place: PostgresPlace, what: string, cause?: unknown): StoreError {
  return new StoreError(
    'corrupt',
    `The store at ${printPlace(place)} is damaged: ${withoutPoint(what)}. Restore the schema ${place.schema} from a backup.`,
    cause,
  );
}

type Sentence = (at: string, message: string, place: PostgresPlace) => readonly [StoreProblem, string];

const refused: Sentence = (at, message) => [
  'refused',
  `PostgreSQL at ${at} does not let this user in: ${message}. See to user and password of the store's URL, and to pg_hba.conf.`,
];

const untrusted: Sentence = (at, message) => [
  'refused',
  `The certificate of PostgreSQL at ${at} is not one that sslmode asks for: ${message}. See to sslrootcert and to the host in the store's URL.`,
];

/** By the beginning of the SQLSTATE, or of the code that Node.js gives to what is wrong with a certificate. */
const SENTENCES: readonly (readonly [start: string, sentence: Sentence])[] = [
  ['ERR_TLS_CERT', untrusted],
  ['CERT_', untrusted],
  ['SELF_SIGNED', untrusted],
  ['DEPTH_ZERO', untrusted],
  ['UNABLE_TO_', untrusted],
  [
    'NO_TLS',
    (at) => ['refused', `PostgreSQL at ${at} does not encrypt connections, and sslmode asks for that.`],
  ],
  ['28', refused],
  [
    '3D000',
    (at, _message, { database }) => [
      'refused',
      `PostgreSQL at ${at} has no database of this name. Make it: CREATE DATABASE ${JSON.stringify(database)}.`,
    ],
  ],
  [
    '42501',
    (at, message, { schema, user }) => [
      'refused',
      `The user of the store at ${at} lacks a right: ${message}. Make the user the owner of the schema: ALTER SCHEMA "${schema}" OWNER TO ${JSON.stringify(user)}, and of its tables.`,
    ],
  ],
  ['57P', (at, message) => ['unreachable', `PostgreSQL at ${at} has ended the connection: ${message}.`]],
  ['25006', (at) => ['unreachable', `PostgreSQL at ${at} takes no writes at present: it is a standby.`]],
  [
    '53100',
    (at) => [
      'full',
      `The disk of PostgreSQL at ${at} is full. Make room there; nothing that was stored is lost.`,
    ],
  ],
  [
    '53300',
    (at, message) => [
      'unreachable',
      `PostgreSQL at ${at} has no connection left: ${message}. Raise max_connections; a Postern takes 6.`,
    ],
  ],
  [
    '55P03',
    (at) => ['locked', `Another writer holds the lock of the store at ${at} for too long. Try again.`],
  ],
  // The statements are always the same: what they do not fit is not the store that was opened.
  [
    '42',
    (at, message) => ['corrupt', `The store at ${at} is damaged: ${message}. Restore it from a backup.`],
  ],
  ['XX', (at, message) => ['corrupt', `PostgreSQL at ${at} has met damage: ${message}.`]],
  ['23', (at, message) => ['corrupt', `The store at ${at} was changed by another program: ${message}.`]],
  ['57014', (at) => ['locked', `PostgreSQL at ${at} took too long, and was stopped. Try again.`]],
  ['40', (at, message) => ['locked', `PostgreSQL at ${at} did not do it: ${message}. Try again.`]],
];

function withoutPoint(message: string): string {
  return message.replace(/\.$/, '');
}
