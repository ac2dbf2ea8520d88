// Methods of numbers, booleans and characters (spec/websocket-api.md §5.5). Java's static ones are reached through any
// instance: `#set($Integer = 0)$Integer.parseInt("42")`.
import { sameValue } from './compare.ts';
import { hashOf } from './hash-code.ts';
import { type Method, methodTable, taking, takingNone } from './method.ts';
import { parsedBoolean, parsedDecimal, parsedInteger } from './parse-number.ts';
import { textOf } from './print-value.ts';
import { type Budget, numberOf, TemplateError, type Value, type VChar, type VDecimal } from './values.ts';

type Decimal = number | VDecimal;

const number = (value: Value | undefined): number | undefined => {
  const found = numberOf(value);
  return found === undefined ? undefined : Number(found);
};

const isInteger = (value: Value | undefined): value is bigint => typeof value === 'bigint';

/** What any value has. */
const common = {
  toString: (self: Value) => textOf(self),
  hashCode: takingNone<Value>((self, _args, budget) => hashOf(self, budget)),
  equals: taking<Value>(1, (self, [other], budget) => sameValue(self, other, budget)),
};

/** Integers to integers: as `int` or `long`, by their bits. */
const conversions = {
  byteValue: (self: bigint) => BigInt.asIntN(8, self),
  shortValue: (self: bigint) => BigInt.asIntN(16, self),
  intValue: (self: bigint) => BigInt.asIntN(32, self),
  longValue: (self: bigint) => BigInt.asIntN(64, self),
  doubleValue: (self: bigint) => Number(self),
  floatValue: (self: bigint) => shortestFloat(Number(self)),
};

function integersOf(bits: 32 | 64): Readonly<Record<string, Method<bigint>>> {
  const unsigned = (radix: number): Method<bigint> =>
    taking(1, (_self, [value]) =>
      isInteger(value) ? BigInt.asUintN(bits, value).toString(radix) : undefined,
    );
  const parse: Method<bigint> = (_self, args) =>
    args.length > 2 ? undefined : parsedInteger(args[0], args[1], bits);
  return {
    ...conversions,
    hashCode: common.hashCode,
    equals: common.equals,
    toString: (self: bigint, [value, radix]: readonly Value[]) => {
      if (value === undefined) return String(self);
      if (!isInteger(value)) return undefined;
      return value.toString(isInteger(radix) && radix >= 2n && radix <= 36n ? Number(radix) : 10);
    },
    valueOf: (self: bigint, [value, radix]: readonly Value[], budget: Budget) =>
      isInteger(value) && radix === undefined
        ? value
        : parse(self, [value!, ...(radix === undefined ? [] : [radix])], budget),
    [bits === 32 ? 'parseInt' : 'parseLong']: parse,
    compareTo: orderOf,
    ...onTwo(isInteger, {
      compare: ordered,
      max: (a, b) => (a > b ? a : b),
      min: (a, b) => (a < b ? a : b),
      sum: (a, b) => BigInt.asIntN(bits, a + b),
    }),
    signum: taking(1, (_self, [value]) => (isInteger(value) ? ordered(value, 0n) : undefined)),
    toHexString: unsigned(16),
    toOctalString: unsigned(8),
    toBinaryString: unsigned(2),
  };
}

/** Java compares an Integer, a Long and a BigInteger with their like alone, and fails for anything else. */
const orderOf: Method<bigint> = taking(1, (self, [other]) => {
  if (!isInteger(other) || integerMethods(self) !== integerMethods(other)) throw incomparable();
  return ordered(self, other);
});

function incomparable(): TemplateError {
  return new TemplateError('compareTo() was given a value of another kind');
}

function onTwo<S, T extends Value>(
  isOf: (value: Value | undefined) => value is T,
  table: Readonly<Record<string, (left: T, right: T) => Value>>,
): Record<string, Method<S>> {
  return Object.fromEntries(
    Object.entries(table).map(([name, method]) => [
      name,
      taking<S>(2, (_self, [left, right]) => (isOf(left) && isOf(right) ? method(left, right) : undefined)),
    ]),
  );
}

const ints = methodTable(integersOf(32));
const longs = methodTable(integersOf(64));
const unlimited = methodTable<bigint>({
  ...conversions,
  ...common,
  compareTo: orderOf,
});

/** An integer is an Integer, a Long or a BigInteger, as its size is. */
export function integerMethods(value: bigint): ReadonlyMap<string, Method<bigint>> {
  if (BigInt.asIntN(32, value) === value) return ints;
  return BigInt.asIntN(64, value) === value ? longs : unlimited;
}

const isDouble = (value: Value | undefined): value is Decimal | bigint => numberOf(value) !== undefined;

export const decimalMethods: ReadonlyMap<string, Method<Decimal>> = methodTable<Decimal>({
  byteValue: (self) => BigInt.asIntN(8, saturated(Number(self), 32)),
  shortValue: (self) => BigInt.asIntN(16, saturated(Number(self), 32)),
  intValue: (self) => saturated(Number(self), 32),
  longValue: (self) => saturated(Number(self), 64),
  doubleValue: (self) => Number(self),
  floatValue: (self) => shortestFloat(Number(self)),
  hashCode: common.hashCode as Method<Decimal>,
  equals: common.equals as Method<Decimal>,
  toString: (self: Decimal, args: readonly Value[]) => {
    if (args.length > 1) throw new TemplateError('toString() of a decimal takes one number at most');
    return textOf(args.length === 0 ? self : (number(args[0]) ?? ''));
  },
  compareTo: taking(1, (self, [other]) => {
    if (typeof other === 'bigint' || !isDouble(other)) throw incomparable();
    return orderedDoubles(Number(self), Number(other));
  }),
  valueOf: (_self: Decimal, [value]: readonly Value[]) =>
    typeof value === 'string' ? parsedDecimal(value) : number(value),
  parseDouble: (_self, [text]) => (typeof text === 'string' ? parsedDecimal(text) : undefined),
  isNaN: (self, [value]) => Number.isNaN(value === undefined ? Number(self) : number(value)),
  isInfinite: (self, [value]) =>
    Math.abs(value === undefined ? Number(self) : number(value)!) === Number.POSITIVE_INFINITY,
  isFinite: taking(1, (_self, [value]) => Number.isFinite(number(value))),
  ...onTwo<Decimal, Decimal | bigint>(isDouble, {
    compare: (a, b) => orderedDoubles(number(a)!, number(b)!),
    max: (a, b) => Math.max(number(a)!, number(b)!),
    min: (a, b) => Math.min(number(a)!, number(b)!),
    sum: (a, b) => number(a)! + number(b)!,
  }),
});

const isBoolean = (value: Value | undefined): value is boolean => typeof value === 'boolean';

export const booleanMethods: ReadonlyMap<string, Method<boolean>> = methodTable<boolean>({
  hashCode: common.hashCode as Method<boolean>,
  equals: common.equals as Method<boolean>,
  toString: (self: boolean, [value]: readonly Value[]) => String(isBoolean(value) ? value : self),
  booleanValue: (self) => self,
  parseBoolean: (_self, [text]) => parsedBoolean(text),
  valueOf: (_self: boolean, [value]: readonly Value[]) => (isBoolean(value) ? value : parsedBoolean(value)),
  compareTo: taking(1, (self, [other]) => {
    if (!isBoolean(other)) throw incomparable();
    return ordered(self, other);
  }),
  ...onTwo(isBoolean, {
    compare: ordered,
    logicalAnd: (a, b) => a && b,
    logicalOr: (a, b) => a || b,
    logicalXor: (a, b) => a !== b,
  }),
});

export const characterMethods: ReadonlyMap<string, Method<VChar>> = methodTable<VChar>({
  ...(common as unknown as Record<string, Method<VChar>>),
  charValue: (self) => self,
});

function ordered<T extends bigint | boolean>(left: T, right: T): bigint {
  return left < right ? -1n : left > right ? 1n : 0n;
}

/** Java's Double.compare: what is no number is above all. */
function orderedDoubles(left: number, right: number): bigint {
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return BigInt(Number(Number.isNaN(left)) - Number(Number.isNaN(right)));
  }
  return left < right ? -1n : left > right ? 1n : 0n;
}

/** Without what is behind the point; what does not fit becomes the nearest that does. */
function saturated(value: number, bits: number): bigint {
  if (Number.isNaN(value)) return 0n;
  const most = 2n ** BigInt(bits - 1);
  if (value >= Number(most)) return most - 1n;
  return value <= -Number(most) ? -most : BigInt(Math.trunc(value));
}

/** The double that prints as the float does. */
function shortestFloat(value: number): number {
  const float = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return float;
}
