// Numbers out of texts, as Java's parsers read them (spec/websocket-api.md §5.5).
import { TemplateError, type Value } from './values.ts';

const MAX_DIGITS = 1_000;
const DECIMAL = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[dDfF]?|NaN|Infinity)$/;

/** An integer of so many bits; undefined when it is given no text. Throws TemplateError for what is none. */
export function parsedInteger(
  text: Value | undefined,
  radix: Value | undefined,
  bits: 32 | 64,
): bigint | undefined {
  if (typeof text !== 'string' || (radix !== undefined && typeof radix !== 'bigint')) return undefined;
  const base = radix ?? 10n;
  if (base < 2n || base > 36n) throw new TemplateError(`${base} is no base of numbers: it is 2 to 36`);
  const digits = /^[-+]?([0-9A-Za-z]+)$/.exec(text)?.[1];
  let value = 0n;
  for (const digit of digits !== undefined && digits.length <= MAX_DIGITS ? digits : ' ') {
    const number = Number.parseInt(digit, 36);
    if (!(BigInt(Number.isNaN(number) ? 36 : number) < base)) {
      throw new TemplateError(`${JSON.stringify(text.slice(0, 100))} is no integer`);
    }
    value = value * base + BigInt(number);
  }
  if (text.startsWith('-')) value = -value;
  if (BigInt.asIntN(bits, value) !== value) throw new TemplateError(`${text} has more than ${bits} bits`);
  return value;
}

export function parsedDecimal(text: string): number {
  const trimmed = text.replace(/^[\u0000- ]+|[\u0000- ]+$/g, '');
  if (!DECIMAL.test(trimmed)) throw new TemplateError(`${JSON.stringify(text.slice(0, 100))} is no number`);
  return Number(trimmed.replace(/[dDfF]$/, '').replace(/^\+(?=[NI])/, ''));
}

/** undefined when it is given no text. */
export function parsedBoolean(text: Value | undefined): boolean | undefined {
  return typeof text === 'string' ? text.toLowerCase() === 'true' : undefined;
}
