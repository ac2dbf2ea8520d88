// CorsConfiguration of an HTTP API (spec/definitions.md §8.4).
import {
  entries,
  get,
  has,
  isList,
  isMap,
  isTrue,
  isTruthy,
  madeMap,
  set,
  stringOf,
  type Tree,
  type TreeMap,
  withTexts,
} from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { type Blame, invalidStructure } from '../invalid.ts';

const EXTENSION = 'x-amazon-apigateway-cors';
const MEMBERS = [
  'AllowMethods',
  'AllowHeaders',
  'AllowOrigins',
  'MaxAge',
  'ExposeHeaders',
  'AllowCredentials',
] as const;

/** The properties, checked. `true` and a function are what `AllowOrigins` is. */
export function readCors(cors: Tree, blame: Blame): TreeMap {
  if (isTrue(cors)) return madeMap(cors.offset, { AllowOrigins: ['*'] });
  if (isIntrinsic(cors)) return madeMap(cors.offset, { AllowOrigins: cors });
  if (!isMap(cors)) throw blame("Invalid value for 'Cors' property.", cors);
  for (const [key, { value }] of cors.members) {
    if (!MEMBERS.some((member) => member === key))
      throw blame(`Invalid key '${key}' for 'Cors' property.`, value);
  }
  return cors;
}

/** Once the document is known to be one. */
export function checkCredentials(cors: TreeMap, blame: Blame): void {
  const origins = get(cors, 'AllowOrigins');
  const isEverybody = isList(origins) && origins.items.length === 1 && stringOf(origins.items[0]) === '*';
  if (isEverybody && isTrue(get(cors, 'AllowCredentials'))) {
    throw blame(
      "Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is \"'*'\" or not set.",
      get(cors, 'AllowCredentials'),
    );
  }
}

/** Over what the document has. */
export function addCors(document: TreeMap, cors: TreeMap): void {
  if (!has(document, EXTENSION)) set(document, EXTENSION, madeMap(cors.offset, {}));
  const target = get(document, EXTENSION);
  if (!isMap(target)) {
    throw invalidStructure(
      `Value of '${EXTENSION}' must be a dictionary according to Swagger spec.`,
      target ?? document,
    );
  }
  const origins = get(cors, 'AllowOrigins');
  if (isIntrinsic(origins)) {
    // The names of members inside a function, wherever they stand.
    for (const [key, value] of entries(withTexts(origins!, lowerCamel))) set(target, key, value);
    return;
  }
  for (const member of MEMBERS) {
    const value = get(cors, member);
    const isSet =
      member === 'MaxAge'
        ? value !== undefined
        : member === 'AllowCredentials'
          ? isTrue(value)
          : isTruthy(value);
    if (isSet) set(target, lowerCamel(member), value!);
  }
}

function lowerCamel(text: string): string {
  return MEMBERS.reduce(
    (so, member) => so.replaceAll(member, member[0]!.toLowerCase() + member.slice(1)),
    text,
  );
}
