// Keys of parameter mapping: an action on a destination (spec/http-api.md §4.2, §4.3, §4.8).
import { mappingError } from './mapping-error.ts';
import type { Side } from './mapping-source.ts';

export type Action = 'append' | 'overwrite' | 'remove';
export type Place = 'header' | 'query' | 'path' | 'status';

/** A key taken apart; printMappingKey puts it together again. */
export interface MappingKey {
  readonly action: Action;
  readonly at: Place;
  /** The word as written, in any letter case: `Header`. */
  readonly location: string;
  /** Empty for path and status. */
  readonly name: string;
  /** `.1.2`: tells keys of one name apart and is no part of it; mostly empty. */
  readonly suffix: string;
}

const LOCATIONS: Readonly<Record<Side, ReadonlyMap<string, Place>>> = {
  request: new Map<string, Place>([
    ['header', 'header'],
    ['querystring', 'query'],
    ['path', 'path'],
  ]),
  response: new Map<string, Place>([
    ['header', 'header'],
    ['statuscode', 'status'],
  ]),
};

const SIDES: Readonly<Record<Side, string>> = { request: 'Request', response: 'Response' };

const KEY = /^(append|overwrite|remove):([A-Za-z]+)(?:\.(.+))?$/s;
const SUFFIX = /(?:\.[0-9]+)+$/;
const HEADER_NAME = /^[a-zA-Z0-9._$-]+$/;

/** Parses a key. Throws GrammarError for any other text, and for headers that are no destinations. */
export function parseMappingKey(text: string, side: Side): MappingKey {
  const key = readMappingKey(text, side);
  if (key.at !== 'header') return key;
  if (!HEADER_NAME.test(key.name)) {
    throw mappingError(`Parameter name should match the following regular expression: ${HEADER_NAME.source}`);
  }
  if (isReservedHeader(key.name.toLowerCase())) {
    throw mappingError(`Operations on header ${key.name} are restricted`);
  }
  return key;
}

/** Beginnings of all keys of a side: `append:header.`, and `overwrite:path`, which is a whole key. */
export function keyBeginnings(side: Side): readonly { readonly text: string; readonly key: MappingKey }[] {
  return [...LOCATIONS[side].keys()].flatMap((location) =>
    (Object.keys(ORDER) as Action[]).flatMap((action) =>
      [`${action}:${location}`, `${action}:${location}.`].flatMap((text) => {
        const key = keyOf(text.endsWith('.') ? `${text}x` : text, side);
        return key === undefined ? [] : [{ text, key }];
      }),
    ),
  );
}

function keyOf(text: string, side: Side): MappingKey | undefined {
  try {
    return readMappingKey(text, side);
  } catch {
    return undefined;
  }
}

/** As parseMappingKey, with whatever name of a header: for what older versions have stored. */
export function readMappingKey(text: string, side: Side): MappingKey {
  const match = KEY.exec(text);
  const [, action, location = '', whole = ''] = (match ?? []) as readonly (string | undefined)[];
  const at = LOCATIONS[side].get(location.toLowerCase());
  const isNamed = at === 'header' || at === 'query';
  const suffix = SUFFIX.exec(whole)?.[0] ?? '';
  const name = whole.slice(0, whole.length - suffix.length);
  const isKey = isNamed ? name !== '' : action === 'overwrite' && whole === '';
  if (at === undefined || !isKey) {
    throw mappingError(`Invalid ${SIDES[side]} Actioned Parameter destination specified: ${text}`);
  }
  return { action: action as Action, at, location, name, suffix };
}

export function printMappingKey({ action, location, name, suffix }: MappingKey): string {
  return `${action}:${location}${name === '' ? '' : `.${name}${suffix}`}`;
}

/** Keys with the same destination cannot be in one map; undefined where any number of them can (§4.7). */
export function destinationOf({ at, name, suffix }: MappingKey): string | undefined {
  if (at === 'query') return undefined;
  return at === 'header' ? `header ${name.toLowerCase()}${suffix}` : at;
}

const ORDER: Readonly<Record<Action, number>> = { remove: 0, overwrite: 1, append: 2 };

/** The order in which the actions of two keys apply: remove, overwrite, append; then by name; on one name without suffix
 *  first, then the smaller suffix (§4.7). */
export function compareMappingKeys(a: MappingKey, b: MappingKey): number {
  return (
    ORDER[a.action] - ORDER[b.action] ||
    compareBytes(placeOf(a), placeOf(b)) ||
    compareSuffixes(a.suffix, b.suffix) ||
    compareBytes(printMappingKey(a), printMappingKey(b))
  );
}

function placeOf({ at, name }: MappingKey): string {
  return `${at}.${at === 'header' ? name.toLowerCase() : name}`;
}

/** Group by group, as numbers of any length. */
function compareSuffixes(a: string, b: string): number {
  const [left, right] = [groupsOf(a), groupsOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i]!, right[i]!];
    const order = one.length - other.length || compareBytes(one, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function groupsOf(suffix: string): readonly string[] {
  return suffix
    .split('.')
    .slice(1)
    .map((digits) => digits.replace(/^0+(?=.)/, ''));
}

/** The order of two texts' bytes in UTF-8. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    // Beyond ASCII the order of code units is not that of bytes.
    return left < 0x80 || right < 0x80 ? left - right : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a.length - b.length;
}

const RESERVED: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-location',
  'forwarded',
  'keep-alive',
  'origin',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailers',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'via',
]);
const RESERVED_PREFIX = /^(?:access-control-|apigw-|x-amz-|x-amzn-)/;

/** Whether a lower-case header name is no destination of a mapping (§4.8). */
export function isReservedHeader(lowerName: string): boolean {
  return RESERVED.has(lowerName) || RESERVED_PREFIX.test(lowerName);
}
