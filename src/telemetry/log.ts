// Structured logs: JSON lines, or short coloured lines on a terminal. Codes and names go in; secrets and bodies never do.
import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import { type FieldsOf, LOG_EVENTS, type LogEvent } from './log-events.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes the line of an event, at its level and with its text. A field `err` holds an Error. Fields `function` and `line` are
 *  what a function wrote, `function` and `stack` where it threw: people see them as lines of the function's own. */
export type Log = <E extends LogEvent>(event: E, fields: FieldsOf<E>) => void;

export interface LogOptions {
  readonly level: LogLevel;
  /** For people instead of programs. */
  readonly pretty: boolean;
  readonly colour: boolean;
  /** Takes whole lines. */
  readonly output: { write(line: string): unknown };
}

export function createLog(options: LogOptions): Log {
  let logger: Logger | undefined;
  return (event, fields) => {
    const { level, message } = LOG_EVENTS[event];
    logger ??= createLogger(options);
    const line: object = { event, ...fields };
    logger[level](line, message);
  };
}

/** The library is a tenth of start-up, so it is loaded by the first line, when the doors are open already. */
function createLogger({ level, pretty, colour, output }: LogOptions): Logger {
  const { pino }: typeof import('pino') = createRequire(import.meta.url)('pino');
  return pino(
    {
      level,
      base: pretty ? null : { pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pretty ? { write: (line) => output.write(prettyLine(line, colour)) } : output,
  );
}

const COLOURS: { readonly [level: string]: string } = {
  debug: '\x1b[2m',
  info: '\x1b[32m',
  warn: '\x1b[33m',
  error: '\x1b[31m',
};

/** `12:04:55 warn  text name=value`, then the stack of an `err`; what functions write as `name │ text`. The code is for
 *  programs: people know an event by its text. */
export function prettyLine(line: string, colour: boolean): string {
  const { level, time, msg, err, stack, event, ...fields }: Readonly<Record<string, unknown>> =
    JSON.parse(line);
  const paint = (code: string, text: string): string => (colour ? `${code}${text}\x1b[0m` : text);
  const ofFunction = (text: string): string =>
    text.replace(/^.*$/gm, (each) => `${paint('\x1b[2m', `${String(fields.function)} │`)} ${harmless(each)}`);
  if (typeof fields.line === 'string') return `${ofFunction(fields.line)}\n`;
  const thrown = typeof stack === 'string' ? `${ofFunction(stack)}\n` : '';
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const values = Object.entries(fields).map(
    ([name, value]) =>
      ` ${paint('\x1b[2m', `${name}=`)}${harmless(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const label = paint(COLOURS[String(level)] ?? '', String(level).padEnd(5));
  return `${thrown}${paint('\x1b[2m', clock)} ${label} ${String(msg)}${values.join('')}\n${stackOf(err)}`;
}

/** Colours stay; what else could drive the terminal becomes visible. */
function harmless(text: string): string {
  return text.replace(
    /[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[[\d;]*m)/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function stackOf(err: unknown): string {
  if (typeof err !== 'object' || err === null || !('stack' in err)) return '';
  return `  ${String(err.stack).replaceAll('\n', '\n  ')}\n`;
}
