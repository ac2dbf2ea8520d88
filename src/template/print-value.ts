// How values print: as text in a template's output, and as JSON (spec/websocket-api.md §5.6, §5.7.1).
import {
  type Budget,
  bounded,
  MAX_DEPTH,
  TemplateError,
  type Value,
  VBlock,
  VChar,
  VDecimal,
  VEntry,
  VList,
  VLoop,
  VMap,
  VView,
} from './values.ts';

/** The text of a value in the output. Throws TemplateError for one that contains itself. */
export function textOf(value: Value): string {
  return printJava(value, 0);
}

/** The same, paid for: what is no text is made each time, and one value may stand in another many times. */
export function paidText(value: Value, budget: Budget): string {
  const text = textOf(value);
  if (typeof value === 'object') budget.spend(text.length >> 1);
  return text;
}

/** Compact JSON, as `$input.json` gives it. */
export function jsonOf(value: Value): string {
  return bounded(printJson(value, false, 0));
}

function printJava(value: Value, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return doubleText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof VList && value.json) return printJson(value, true, depth);
  if (value instanceof VList || value instanceof VView) {
    return bounded(`[${value.items.map((item) => nested(item, depth)).join(', ')}]`);
  }
  if (value instanceof VLoop) return printJava(value.own, depth);
  if (value instanceof VMap) {
    if (isSilent(value)) return '';
    const shown = [...value.entries].filter(([, item]) => !isSilent(item));
    const members = shown.map(([key, item]) => `${printJava(key, depth)}=${nested(item, depth)}`);
    return bounded(`{${members.join(', ')}}`);
  }
  if (value instanceof VEntry) return `${printJava(value.key, depth)}=${nested(value.value, depth)}`;
  if (value instanceof VBlock) return value.text();
  return value instanceof VDecimal || value instanceof VChar ? value.text : '';
}

/** What prints as nothing is not shown in the map that has it (§5.6.7). */
function isSilent(value: Value): boolean {
  return value instanceof VMap && value.style === 'silent';
}

function nested(value: Value, depth: number): string {
  checkDepth(depth);
  return printJava(value, depth + 1);
}

function printJson(value: Value, escapesSlash: boolean, depth: number): string {
  if (typeof value === 'string') return quoted(value, escapesSlash);
  if (typeof value === 'number')
    return Math.abs(value) === Number.POSITIVE_INFINITY ? 'null' : doubleText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  checkDepth(depth);
  if (value instanceof VList || value instanceof VView) {
    return bounded(`[${value.items.map((item) => printJson(item, escapesSlash, depth + 1)).join(',')}]`);
  }
  if (value instanceof VDecimal) return value.text;
  if (!(value instanceof VMap)) return quoted(textOf(value), escapesSlash);
  const members = Array.from(
    value.entries,
    ([key, item]) => `${quoted(textOf(key), escapesSlash)}:${printJson(item, escapesSlash, depth + 1)}`,
  );
  return bounded(`{${members.join(',')}}`);
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new TemplateError('A value is nested too deeply to be printed');
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const ESCAPED = /["\\\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/g;

/** A JSON string as json-smart writes it. */
function quoted(text: string, escapesSlash: boolean): string {
  const escaped = text.replace(ESCAPED, (character) => SHORT[character] ?? unicodeEscape(character));
  return `"${escapesSlash ? escaped.replaceAll('/', '\\/') : escaped}"`;
}

/** `\u00E9`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Java's Double.toString: at least one digit behind the point, scientific from 10^7 on and below 10^-3. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  const [digits, exponent] = shortestDigits(size);
  if (size >= 1e-3 && size < 1e7) {
    if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
    const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
    return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
  }
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
}

/** The shortest digits that mean the number, and the power of ten of the first. */
function shortestDigits(size: number): [digits: string, exponent: number] {
  const [mantissa, exponent] = size.toExponential().split('e') as [string, string];
  return [mantissa.replace('.', ''), Number(exponent)];
}
