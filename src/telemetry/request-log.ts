// One line for each request: on a terminal for people, elsewhere JSON in the shape of the program's other log lines. Lines
// of one turn of the event loop are written together. What varies comes as arguments, so that a request allocates only text.
import type { Log } from './log.ts';
import { type FieldName, LOG_EVENTS, type LogEvent } from './log-events.ts';

const EVENT = 'request.ended' satisfies LogEvent;

export interface RequestLogOptions {
  /** For people instead of programs. */
  readonly pretty: boolean;
  readonly colour: boolean;
  /** Standard output, or what a test puts in its place. `writableLength` is what it has not got rid of, in bytes. */
  readonly output: { write(text: string, encoding: 'latin1'): unknown; readonly writableLength: number };
  readonly log: Log;
}

/** What a reader of the output that is too slow makes wait at most; further lines are lost and counted. */
const MAX_WAITING_BYTES = 16 * 1_048_576;
/** So much JSON is written at once, or what there is after so long: a write for each line costs more than the lines. */
const BATCH_LENGTH = 65_536;
const BATCH_MILLIS = 50;

export class RequestLog {
  /** Whether lines are for people. */
  readonly pretty: boolean;
  readonly #colour: boolean;
  readonly #output: RequestLogOptions['output'];
  readonly #log: Log;
  #text = '';
  #count = 0;
  #lost = 0;
  /** The beginning of the lines of one millisecond and method. */
  #head = '';
  #millis = -1;
  #method = '';
  /** Whether a flush is on its way. */
  #isDue = false;
  readonly #onDue = (): void => {
    this.#isDue = false;
    this.flush();
  };

  constructor({ pretty, colour, output, log }: RequestLogOptions) {
    this.pretty = pretty;
    this.#colour = colour;
    this.#output = output;
    this.#log = log;
  }

  /** A field as it stands in a line. Callers keep those that many lines share. */
  field(name: FieldName<typeof EVENT>, value: string): string {
    if (this.pretty) return ` ${this.#dim(`${name}=`)}${plainText(value)}`;
    return `,"${name}":"${asciiText(value)}"`;
  }

  /** Takes the line of a request that is over. `at` is its end in epoch milliseconds; `status` is 0 for one that got none;
   *  `path` is without query, which may hold secrets; `micros` is how long it took, a whole number; `fields` are of
   *  `field`. */
  write(
    at: number,
    status: number,
    method: string,
    path: string,
    micros: number,
    requestId: string,
    fields: string,
  ): void {
    if (at !== this.#millis || method !== this.#method) {
      this.#millis = at;
      this.#method = method;
      this.#head = this.#headOf(new Date(at), method);
    }
    // Each piece costs, so that what can be one text is one.
    this.#text += this.pretty
      ? this.#prettyLine(status, method, plainText(path), micros, requestId, fields)
      : `${this.#head}${asciiText(path)}${statusText(status)}${millisText(micros)}${requestId}"${fields}}\n`;
    this.#count++;
    if (!this.#isDue) {
      this.#isDue = true;
      if (this.pretty) setImmediate(this.#onDue);
      else setTimeout(this.#onDue, BATCH_MILLIS);
    } else if (this.#text.length > BATCH_LENGTH) this.flush();
  }

  /** Writes what waits for others. */
  flush(): void {
    const text = this.#text;
    const count = this.#count;
    this.#text = '';
    this.#count = 0;
    if (count === 0) return;
    if (this.#output.writableLength > MAX_WAITING_BYTES) {
      this.#lost += count;
      return;
    }
    this.#output.write(text, 'latin1');
    if (this.#lost === 0) return;
    this.#log('request-log.lines-lost', { lines: this.#lost });
    this.#lost = 0;
  }

  #headOf(date: Date, method: string): string {
    if (this.pretty) return this.#dim(date.toTimeString().slice(0, 8));
    const { level, message } = LOG_EVENTS[EVENT];
    const common = `{"level":"${level}","time":"${date.toISOString()}","pid":${process.pid},"event":"${EVENT}"`;
    return `${common},"msg":"${message}","method":"${method}","path":"`;
  }

  #prettyLine(
    status: number,
    method: string,
    path: string,
    micros: number,
    requestId: string,
    fields: string,
  ): string {
    const millis = micros < 10_000 ? (micros / 1_000).toFixed(1) : String(Math.round(micros / 1_000));
    const words = `${this.#head} ${this.#status(status)} ${method.padEnd(4)} ${path} ${millis} ms`;
    return `${words}${fields}${this.field('requestId', requestId)}\n`;
  }

  #dim(text: string): string {
    return this.#colour ? `\x1b[2m${text}\x1b[0m` : text;
  }

  #status(status: number): string {
    const text = status === 0 ? '-    ' : `${status}  `;
    if (!this.#colour) return text;
    return `\x1b[${status < 400 ? 32 : status < 500 ? 33 : 31}m${text}\x1b[0m`;
  }
}

/** Most replies have one of a few statuses. */
const statusTexts = new Map<number, string>();

function statusText(status: number): string {
  let text = statusTexts.get(status);
  if (text === undefined) {
    text = `","status":${status === 0 ? 'null' : status},"ms":`;
    statusTexts.set(status, text);
  }
  return text;
}

const THOUSANDTHS = Array.from({ length: 1_000 }, (_, i) => `.${String(i).padStart(3, '0')},"requestId":"`);

/** Printing a fraction costs as much as the rest of a line. The name of what follows is part of the text. */
function millisText(micros: number): string {
  const millis = (micros / 1_000) | 0;
  return millis + THOUSANDTHS[micros - millis * 1_000]!;
}

const UNSAFE = /["\\\x00-\x1f\x7f-\uffff]/;
const UNSAFE_ALL = /["\\\x00-\x1f\x7f-\uffff]/g;

/** A client's text, harmless on a terminal. */
function plainText(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\uffff]/g, escaped);
}

/** The same inside a JSON string. */
function asciiText(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replace(UNSAFE_ALL, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
