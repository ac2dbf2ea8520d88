// Structured logs: JSON lines, or short coloured lines on a terminal. Codes and names go in; secrets and bodies never do.
import { type FieldsOf, LOG_EVENTS, type LogEvent } from './log-events.ts';
import { withSourceLines } from './source-lines.ts';

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

export function createLog({ level: least, pretty, colour, output }: LogOptions): Log {
  const shown = new Set(LOG_LEVELS.slice(LOG_LEVELS.indexOf(least)));
  return (event, fields) => {
    const { level, message } = LOG_EVENTS[event];
    if (!shown.has(level)) return;
    const time = new Date().toISOString();
    const { err, ...rest }: { readonly err?: unknown } = fields;
    const line = {
      ...{ level, time },
      ...(pretty ? {} : { pid: process.pid }),
      ...{ event, ...rest },
      ...(err === undefined ? {} : { err: err instanceof Error ? fieldsOf(err) : String(err) }),
      msg: message,
    };
    const text = `${JSON.stringify(line)}\n`;
    output.write(pretty ? prettyLine(text, colour) : text);
  };
}

/** Errors that caused each other; more would be a circle. */
const MAX_CAUSES = 8;

/** What a line has of an error: what is written in it, its stack and those of its causes, and what else is text or number. */
function fieldsOf(error: Error): object {
  const own = Object.entries(error).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  const chain: Error[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < MAX_CAUSES; at = at.cause)
    chain.push(at);
  return {
    ...Object.fromEntries(own),
    type: error.constructor.name,
    message: chain.map(({ message }) => message).join(': '),
    stack: withSourceLines(chain.map(({ stack, message }) => stack ?? message).join('\ncaused by: ')),
  };
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
