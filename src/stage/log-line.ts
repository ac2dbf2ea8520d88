// The format of an access log becomes one function when its stage is compiled (spec/http-api.md §9, Choice C63).
import { parseLogFormat } from '../grammar/log-format.ts';
import { type ContextReader, type ContextTable, logReader } from './context-variables.ts';

/** Where lines go. Takes them at once and never throws; what it cannot keep it counts. */
export interface LogSink {
  /** `line` has no line end. */
  write(line: string, epochMillis: number): void;
}

/** Largest entry in bytes (§9.1). */
export const MAX_ENTRY_BYTES = 1_048_576;

/** What stands for a variable without value. */
const UNAVAILABLE = '-';

/** Compiles a format to what prints an entry, of a call or an event: one line of at most 1 MB. */
export function compileLogFormat<T>(format: string, table: ContextTable<T>): (of: T) => string {
  const isJson = format.trimStart().startsWith('{');
  const quote = isJson ? jsonText : oneLine;
  /** Texts around the variables: one more than there are variables. */
  const texts = [''];
  const readers: ((of: T) => string)[] = [];
  for (const part of parseLogFormat(format)) {
    if (part.kind === 'text') {
      texts[texts.length - 1] += part.text;
      continue;
    }
    readers.push(printer(part.name, quote, logReader(table, part.name)));
    texts.push('');
  }
  return (of) => {
    let line = texts[0]!;
    for (let i = 0; i < readers.length; i++) line += readers[i]!(of) + texts[i + 1]!;
    return line.length * 3 > MAX_ENTRY_BYTES ? cut(line) : line;
  };
}

function printer<T>(
  name: string,
  quote: (text: string) => string,
  read: ContextReader<T>,
): (of: T) => string {
  if (name === 'error.messageString') {
    // Quoted in any case, so that JSON stays JSON.
    return (of) => `"${quote(read(of) ?? UNAVAILABLE)}"`;
  }
  return (of) => {
    const value = read(of);
    return value === undefined ? UNAVAILABLE : quote(value);
  };
}

// Control characters, and the two separators that some programs end lines at.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const UNPRINTABLES = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const NOT_IN_JSON = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const NOT_IN_JSON_ALL = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A value inside a JSON string. */
function jsonText(text: string): string {
  if (!NOT_IN_JSON.test(text)) return text;
  return text.replace(NOT_IN_JSON_ALL, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : escaped(character),
  );
}

/** A value that cannot end its line. */
function oneLine(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(UNPRINTABLES, escaped) : text;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** An entry of at most MAX_ENTRY_BYTES, cut between characters. */
function cut(line: string): string {
  const bytes = Buffer.from(line, 'utf8');
  if (bytes.length <= MAX_ENTRY_BYTES) return line;
  let end = MAX_ENTRY_BYTES;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
