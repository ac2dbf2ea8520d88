// Texts that parameter mapping made → values of a service's input (spec/http-api.md §3.7, Choices C26 and C73).
import { isObject } from '../../grammar/json-object.ts';

/** The value of a text; undefined when the text is none of that kind. */
export type Conversion = (text: string) => unknown;

export const toText: Conversion = (text) => text;

/** A segment of a path: not empty, and no step in the path. */
export const toSegment: Conversion = (text) => (/^\.{0,2}$/.test(text) ? undefined : text);

/** The bytes of the text; the SDK writes them in base64. */
export const toBytes: Conversion = (text) => Buffer.from(text, 'utf8');

const INTEGER = /^[+-]?[0-9]{1,15}$/;

export const toInteger: Conversion = (text) => {
  const trimmed = text.trim();
  return INTEGER.test(trimmed) ? Number(trimmed) : undefined;
};

/** A JSON array of strings, or texts separated by commas. */
export const toList: Conversion = (text) => {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return trimmed.split(',').map((item) => item.trim());
  const list = parseJson(trimmed);
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
};

const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const EPOCH = /^\d{1,13}(?:\.\d+)?$/;
/** Epoch numbers from here on are milliseconds: as seconds they would lie behind the year 5000. */
const FIRST_MILLIS = 100_000_000_000;

/** ISO 8601, or the epoch in seconds or milliseconds. */
export const toTime: Conversion = (text) => {
  const trimmed = text.trim();
  if (EPOCH.test(trimmed)) {
    const number = Number(trimmed);
    return new Date(number >= FIRST_MILLIS ? number : number * 1_000);
  }
  const date = new Date(ISO_8601.test(trimmed) ? trimmed : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** Members of a message attribute, and whether their values are base64. */
const ATTRIBUTE_MEMBERS: ReadonlyMap<string, boolean> = new Map([
  ['DataType', false],
  ['StringValue', false],
  ['BinaryValue', true],
]);

/** A JSON object of message attributes: `{"name":{"DataType":"String","StringValue":"v"}}`. */
export const toMessageAttributes: Conversion = (text) => {
  const attributes = parseJson(text);
  if (!isObject(attributes)) return undefined;
  const converted: [string, object][] = [];
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = isObject(attribute) ? toAttribute(attribute) : undefined;
    if (value === undefined) return undefined;
    converted.push([name, value]);
  }
  return Object.fromEntries(converted);
};

function toAttribute(attribute: object): object | undefined {
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(attribute)) {
    const isBinary = ATTRIBUTE_MEMBERS.get(name);
    if (isBinary === undefined || typeof value !== 'string') return undefined;
    members.push([name, isBinary ? Buffer.from(value, 'base64') : value]);
  }
  return Object.fromEntries(members);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
