// Maps of parameter mapping: RequestParameters and ResponseParameters (spec/http-api.md §4.2 to §4.11, §4.19). Checked
// when written; parsed when deployed.
import { GrammarError } from './grammar-error.ts';
import { badValue, collect, mappingError, throwCauses } from './mapping-error.ts';
import {
  compareBytes,
  compareMappingKeys,
  destinationOf,
  isReservedHeader,
  type MappingKey,
  parseMappingKey,
  readMappingKey,
} from './mapping-key.ts';
import type { Side } from './mapping-source.ts';
import { type MappingValue, parseMappingValue } from './mapping-value.ts';
import { parseServiceValue } from './service-value.ts';

interface Named<At extends string> {
  readonly key: string;
  readonly at: At;
  readonly name: string;
}

export type NamedChange<At extends string> =
  | (Named<At> & { readonly action: 'append' | 'overwrite'; readonly value: MappingValue })
  | (Named<At> & { readonly action: 'remove' });

export type RequestChange =
  | NamedChange<'header'>
  | NamedChange<'query'>
  | { readonly key: string; readonly at: 'path'; readonly action: 'overwrite'; readonly value: MappingValue };

export type ResponseChange =
  | NamedChange<'header'>
  | {
      readonly key: string;
      readonly at: 'status';
      readonly action: 'overwrite';
      readonly value: MappingValue;
    };

type Mappings = Readonly<Record<string, string>>;
type StatusMappings = Readonly<Record<string, Mappings>>;

const STATUS = /^[2-5][0-9]{2}$/;

/** What a removal has for a value when it is written: two quotes, or nothing (§4.11). */
const REMOVAL_VALUES: ReadonlySet<string> = new Set(["''", '']);

/** Checks entries that a request gives for one map, and the map that would be stored. Throws GrammarError with the cause
 *  of each bad entry, in byte order of the keys. */
export function checkRequestMappings(given: Mappings, becomes: Mappings): void {
  throwCauses(causesOf(given, becomes, 'request'));
}

/** Checks the statuses that a request gives, and what would be stored. Throws GrammarError; of bad status keys the first is
 *  named. */
export function checkResponseMappings(given: StatusMappings, becomes: StatusMappings): void {
  for (const status of Object.keys(given)) checkStatus(status);
  throwCauses(
    Object.entries(given).flatMap(([status, mappings]) =>
      causesOf(mappings, ownOr(becomes, status, {}), 'response'),
    ),
  );
}

function causesOf(given: Mappings, becomes: Mappings, side: Side): readonly string[] {
  const causes: string[] = [];
  for (const [key, value] of inByteOrder(given)) collect(causes, () => checkEntry(key, value, side));
  if (causes.length > 0) return causes;
  const taken = new Map<string, string>();
  for (const [key] of inByteOrder(becomes)) {
    const destination = destinationOf(readMappingKey(key, side));
    if (destination === undefined) continue;
    const other = taken.get(destination);
    if (other === undefined) taken.set(destination, key);
    else causes.push(`Several keys for one destination specified: ${other} and ${key}${hintOf(destination)}`);
  }
  return causes;
}

function hintOf(destination: string): string {
  return destination.startsWith('header')
    ? '; a numeric suffix, such as .1, tells keys of a header apart'
    : '';
}

/** An entry as AWS takes it. An `append` or `overwrite` of nothing is a key alone: it deletes, or is dropped. */
function checkEntry(key: string, value: string, side: Side): void {
  const { action, at } = parseMappingKey(key, side);
  if (action === 'remove') {
    if (!REMOVAL_VALUES.has(value)) throw badValue(value);
  } else if (value !== '') {
    const parsed = parseMappingValue(value, side);
    if (at === 'status' && parsed.kind === 'static') checkStatus(value);
  }
}

function checkStatus(text: string): void {
  if (!STATUS.test(text)) throw mappingError(`Status Code ${text} is not valid.`);
}

/** Parses stored RequestParameters into changes in the order they apply (§4.7). What older versions took and newer ones
 *  refuse still means what it meant. Throws GrammarError with the cause of each bad entry, in byte order of the keys. */
export function parseRequestMappings(map: Mappings): readonly RequestChange[] {
  return parseAll(map, 'request') as RequestChange[];
}

/** Parses stored ResponseParameters: changes by integration status. Throws GrammarError as parseRequestMappings does; of bad
 *  status keys the first is named. */
export function parseResponseMappings(map: StatusMappings): ReadonlyMap<number, readonly ResponseChange[]> {
  for (const status of Object.keys(map)) checkStatus(status);
  const causes: string[] = [];
  const parsed = new Map<number, readonly ResponseChange[]>();
  for (const [status, changes] of Object.entries(map)) {
    collect(causes, () => parsed.set(Number(status), parseAll(changes, 'response') as ResponseChange[]));
  }
  throwCauses(causes);
  return parsed;
}

type Change = RequestChange | ResponseChange;

function parseAll(map: Mappings, side: Side): Change[] {
  const changes: { readonly parsed: MappingKey; readonly change: Change }[] = [];
  const causes: string[] = [];
  for (const [key, value] of inByteOrder(map)) {
    collect(causes, () => {
      const parsed = readMappingKey(key, side);
      // Reserved names are refused when written; stored all the same, they do nothing (§4.8).
      if (parsed.at === 'header' && isReservedHeader(parsed.name.toLowerCase())) return;
      changes.push({ parsed, change: changeOf(key, parsed, value, side) });
    });
  }
  throwCauses(causes);
  return changes.sort((a, b) => compareMappingKeys(a.parsed, b.parsed)).map(({ change }) => change);
}

function changeOf(key: string, { action, at, name }: MappingKey, value: string, side: Side): Change {
  if (at === 'path' || at === 'status') {
    return { key, at, action: 'overwrite', value: storedValue(value, side) };
  }
  if (action === 'remove') return { key, at, name, action } as Change;
  return { key, at, name, action, value: storedValue(value, side) } as Change;
}

function storedValue(text: string, side: Side): MappingValue {
  try {
    return parseMappingValue(text, side);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    return parseServiceValue(text, side);
  }
}

function inByteOrder(map: Mappings): readonly (readonly [key: string, value: string])[] {
  return Object.entries(map).sort(([a], [b]) => compareBytes(a, b));
}

function ownOr<T>(map: Readonly<Record<string, T>>, key: string, otherwise: T): T {
  return Object.hasOwn(map, key) ? map[key]! : otherwise;
}
