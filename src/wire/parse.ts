// Requests of the management API to typed input (spec/management-api.md §1.3): labels, query and JSON body into the
// members of an operation. Kinds of JSON values are settled here; what is required or allowed is in check.ts.
import { unreachable } from '../defect.ts';
import { serializationError } from './errors.ts';
import { parseJson } from './json.ts';
import type { Operation } from './operation.ts';
import type { Member, Shape } from './shape.ts';

/** Parsed input before its operation's rules have seen it. */
export type AnyInput = { readonly [member: string]: unknown };

type Read = (value: unknown) => unknown;

interface Reader {
  readonly query: readonly QueryReader[];
  readonly body: ReadonlyMap<string, MemberReader> | undefined;
}

interface MemberReader {
  readonly name: string;
  readonly read: Read;
}

interface QueryReader {
  readonly member: Member;
  readonly read: (texts: readonly string[]) => unknown;
}

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

const readers = new Map<Operation, Reader>();

/** Parses a request. `query` is the raw query without `?`, `body` its JSON text ('' when there is none; ignored when the
 *  operation takes no body). Absent and null members are absent in the result, unknown members are dropped.
 *  Throws SerializationException. */
export function parseInput(
  operation: Operation,
  labels: readonly string[],
  query: string,
  body: string,
): AnyInput {
  const reader = readers.get(operation) ?? addReader(operation);
  const input: Record<string, unknown> = {};
  for (let i = 0; i < labels.length; i++) input[operation.labels[i]!] = labels[i]!;
  if (query !== '' && reader.query.length > 0) readQuery(reader.query, query, input);
  if (body !== '' && reader.body !== undefined) readMembers(reader.body, readJson(body), input);
  return input;
}

function addReader(operation: Operation): Reader {
  const reader: Reader = {
    query: operation.query.map((member) => ({ member, read: queryReaderOf(member) })),
    body: operation.body.length === 0 ? undefined : memberReadersOf(operation.body),
  };
  readers.set(operation, reader);
  return reader;
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    // The parser's own message quotes the body, which may hold secrets; it stays in `cause`.
    throw serializationError(undefined, { cause });
  }
}

function readMembers(
  readersByName: ReadonlyMap<string, MemberReader>,
  value: unknown,
  into: Record<string, unknown>,
): Record<string, unknown> {
  if (!isObject(value)) throw serializationError();
  for (const key of Object.keys(value)) {
    const member = readersByName.get(key);
    if (member === undefined) continue;
    const given = value[key];
    if (given !== null) into[member.name] = member.read(given);
  }
  return into;
}

function memberReadersOf(members: readonly Member[]): ReadonlyMap<string, MemberReader> {
  return new Map(members.map((each) => [each.jsonName, { name: each.name, read: readerOf(each.shape) }]));
}

function readerOf(shape: Shape): Read {
  switch (shape.kind) {
    case 'string':
    case 'blob':
      return readString;
    case 'boolean':
      return readBoolean;
    case 'integer':
      return readInteger;
    case 'double':
      return readDouble;
    case 'timestamp':
      return readTimestamp;
    case 'list': {
      const read = readerOf(shape.item);
      return (value) => {
        if (!Array.isArray(value)) throw serializationError();
        return value.map(read);
      };
    }
    case 'map':
      return mapReader(readerOf(shape.value));
    case 'structure': {
      const members = memberReadersOf(shape.members);
      return (value) => readMembers(members, value, {});
    }
    default:
      unreachable(shape);
  }
}

function mapReader(read: Read): Read {
  return (value) => {
    if (!isObject(value)) throw serializationError();
    const entries: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      const given = value[key];
      if (given !== null) entries.push([key, read(given)]);
    }
    // fromEntries defines each key, `__proto__` too; assignment would not.
    return Object.fromEntries(entries);
  };
}

function readString(value: unknown): string {
  if (typeof value !== 'string') throw serializationError();
  return value;
}

function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw serializationError();
  return value;
}

function readInteger(value: unknown): number {
  if (!Number.isInteger(value)) throw serializationError();
  const number = value as number;
  if (number < INT_MIN || number > INT_MAX) throw serializationError();
  return number;
}

function readDouble(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw serializationError();
  return value;
}

function readTimestamp(value: unknown): string {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) throw serializationError();
  return value as string;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readQuery(members: readonly QueryReader[], query: string, into: Record<string, unknown>): void {
  const parameters = new URLSearchParams(query);
  for (const { member, read } of members) {
    const texts = parameters.getAll(member.jsonName);
    if (texts.length > 0) into[member.name] = read(texts);
  }
}

// Members given twice count once, except lists (spec/management-api.md §1.3: `tagKeys` repeats).
function queryReaderOf({ name, shape }: Member): QueryReader['read'] {
  switch (shape.kind) {
    case 'list':
      return (texts) => texts;
    case 'boolean':
      return ([text]) => {
        // In any case (spec/openapi.md Choice O28), unlike other booleans. A text that is none is refused by check.ts.
        const value = name === 'FailOnWarnings' ? text!.toLowerCase() : text;
        return value === 'true' || (value === 'false' ? false : text);
      };
    case 'integer':
      return ([text]) => {
        if (!/^[+-]?\d{1,10}$/.test(text!)) throw serializationError('Unable to parse request query');
        return Number(text);
      };
    default:
      return ([text]) => text;
  }
}
