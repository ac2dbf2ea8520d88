// Claims as text: how API Gateway's Go code prints them, numbers in decimal (spec/http-api.md §6.2.6, Choice C53).
import { type JsonValue, WrittenNumber } from '../../grammar/json-text.ts';

/** Claims by name; those that are null are left out. */
export function claimTexts(claims: ReadonlyMap<string, JsonValue>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of claims) if (value !== null) texts.set(name, goText(value));
  return texts;
}

/** `[a b]` for an array, `map[k:v]` for an object with its names in order. */
function goText(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (value instanceof WrittenNumber) return decimal(value.text);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (value instanceof Map) {
    const members = [...value].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `map[${members.map(([name, member]) => `${name}:${goText(member)}`).join(' ')}]`;
  }
  return String(value);
}

const EXPONENTIAL = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/;
/** Doubles end at 10^308. */
const MAX_EXPONENT = 400;

/** A JSON number without exponent, all its digits kept; beyond what doubles hold as it was written. */
function decimal(text: string): string {
  const parts = EXPONENTIAL.exec(text);
  if (parts === null) return text;
  const [, sign, whole, fraction = '', exponentText] = parts;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return text;
  const digits = whole! + fraction;
  const point = whole!.length + exponent;
  const integer =
    digits
      .slice(0, Math.max(point, 0))
      .padEnd(point, '0')
      .replace(/^0+(?=\d)/, '') || '0';
  const rest = ('0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0))).replace(/0+$/, '');
  return `${sign}${integer}${rest === '' ? '' : `.${rest}`}`;
}
