// Methods of numbers and booleans (spec/websocket-api.md §5.5). Java's static parsers are reached through any instance:
// `#set($Integer = 0)$Integer.parseInt("42")`.
import { sameValue } from './compare.ts';
import { textOf } from './print-value.ts';
import { type Method, methodTable } from './string-methods.ts';
import { isNumber, TemplateError, type Value } from './values.ts';

const MAX_DIGITS = 1_000;

export const numberMethods: ReadonlyMap<string, Method<bigint | number>> = methodTable<bigint | number>({
  intValue: (self) => BigInt.asIntN(32, integerOf(self)),
  longValue: (self) => BigInt.asIntN(64, integerOf(self)),
  doubleValue: (self) => Number(self),
  floatValue: (self) => Math.fround(Number(self)),
  toString: (self: bigint | number) => textOf(self),
  equals: (self, [other]) => sameValue(self, other),
  compareTo: (self, [other]) => (isNumber(other) ? (self < other ? -1n : self > other ? 1n : 0n) : undefined),
  parseInt: (_self, [text]) => parsedInteger(text),
  parseLong: (_self, [text]) => parsedInteger(text),
  valueOf: (self: bigint | number, [text]: readonly Value[]) =>
    isNumber(text) ? text : typeof self === 'bigint' ? parsedInteger(text) : parsedDouble(text),
  parseDouble: (_self, [text]) => parsedDouble(text),
  parseFloat: (_self, [text]) => parsedDouble(text),
});

export const booleanMethods: ReadonlyMap<string, Method<boolean>> = methodTable<boolean>({
  toString: (self: boolean) => String(self),
  booleanValue: (self) => self,
  equals: (self, [other]) => self === other,
  parseBoolean: (_self, [text]) => (typeof text === 'string' ? text.toLowerCase() === 'true' : undefined),
});

function integerOf(value: bigint | number): bigint {
  if (typeof value === 'bigint') return value;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

function parsedInteger(text: Value | undefined): bigint | undefined {
  if (typeof text !== 'string') return undefined;
  if (!/^[-+]?\d+$/.test(text) || text.length > MAX_DIGITS) {
    throw new TemplateError(`${JSON.stringify(text)} is no integer`);
  }
  return BigInt(text.replace(/^\+/, ''));
}

function parsedDouble(text: Value | undefined): number | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[dDfF]?$/.test(trimmed)) {
    throw new TemplateError(`${JSON.stringify(text)} is no number`);
  }
  return Number(trimmed.replace(/[dDfF]$/, ''));
}
