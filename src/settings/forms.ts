// What the text of a setting may be, whether a flag, a variable or the configuration file has it.
import { LIVE_REQUEST_MODES } from '../stage/request-summary.ts';
import { PLACE_EXAMPLE } from '../store/postgres/place.ts';
import { LOG_LEVELS } from '../telemetry/log.ts';
import { ADDRESS_PATTERN } from './address.ts';
import { type Schema, sourceOf } from './shape.ts';

export interface Form {
  readonly pattern: RegExp;
  /** What would be right: `a region is a name such as eu-central-1`. */
  readonly advice: string;
  /** Of the value in the file. */
  readonly schema: Schema;
}

/** YAML takes what has digits alone for a number. */
const TEXT_OR_DIGITS = ['string', 'integer'];
const ANY_TEXT = ['string', 'number', 'boolean'];

export const ADDRESS: Form = form(
  ADDRESS_PATTERN,
  'an address is HOST:PORT, for example 127.0.0.1:4700 or [::1]:4700',
  TEXT_OR_DIGITS,
);

export const ACCOUNT: Form = form(
  /^\d{12}$/,
  'an account is 12 digits, for example 123456789012',
  TEXT_OR_DIGITS,
);

export const REGION: Form = form(
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/,
  'a region is a name such as eu-central-1',
);

export const FILE: Form = form(/./s, 'it names a file', ANY_TEXT);
export const DIRECTORY: Form = form(/./s, 'it names a directory', ANY_TEXT);

/** Read by `parsePlace`. */
export const STORE: Form = form(/^postgres(?:ql)?:\/\//, `it is a URL like ${PLACE_EXAMPLE}`);

/** A URL besides. */
export const API_ENDPOINT: Form = form(
  /^[^{}?#]*(?:\{apiId\}[^{}?#]*)+$/,
  'it is a URL with {apiId} in it, for example https://{apiId}.execute-api.localhost',
);

export const LOG_LEVEL: Form = words(LOG_LEVELS, `a log level is one of ${LOG_LEVELS.join(', ')}`);

export const SWITCH: Form = words(['on', 'off', 'true', 'false'], 'it is on or off', [true, false]);

/** One process more serves the management door where there are several. */
export const WORKERS: Form = form(
  /^(?:auto|[1-9]|[1-5]\d|6[0-4])$/,
  'it is a number from 1 to 64, or auto',
  TEXT_OR_DIGITS,
);

export const LIVE_REQUESTS: Form = words(
  LIVE_REQUEST_MODES,
  `it is one of ${LIVE_REQUEST_MODES.join(', ')}`,
  [false],
);

function form(pattern: RegExp, advice: string, type: string | readonly string[] = 'string'): Form {
  return { pattern, advice, schema: { type, pattern: sourceOf(pattern) } };
}

function words(list: readonly string[], advice: string, others: readonly boolean[] = []): Form {
  return { pattern: new RegExp(`^(?:${list.join('|')})$`), advice, schema: { enum: [...list, ...others] } };
}
