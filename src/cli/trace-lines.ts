// What traces for people are made of: one block a step, mappings with their values before and after in columns.
import type { MappingStep } from '../stage/mapping-step.ts';
import { oneLine, type Paint, printable } from './terminal.ts';

const LABEL_WIDTH = 15;
const INDENT = ' '.repeat(LABEL_WIDTH);
/** Longer cells do not widen their column. */
const WIDEST_COLUMN = 44;
const SHOWN_BODY_LINES = 20;
const SHOWN_JSON_LINES = 80;

export interface ValueRow {
  readonly name: string;
  /** Where it is, or what it is of. */
  readonly of: string;
  readonly value: string | undefined;
}

type Pairs = readonly (readonly [name: string, value: string])[];

export class TraceLines {
  readonly paint: Paint;
  readonly #lines: string[] = [];

  constructor(paint: Paint) {
    this.paint = paint;
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** JSON text over several lines; what is no JSON, or was cut, as it is. */
  json(text: string): void {
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Shown as it is.
    }
    const lines = shown.split('\n');
    for (const line of lines.slice(0, SHOWN_JSON_LINES)) this.line(printable(line));
    if (lines.length > SHOWN_JSON_LINES) this.line(this.paint.dim(`… ${lines.length} lines in all`));
  }

  /** Begins a block. */
  block(label: string, text: string, remark: string, paint = this.paint.bold): void {
    if (this.#lines.length > 0) this.#lines.push('');
    const aside = remark === '' ? '' : `  ${this.paint.dim(oneLine(remark))}`;
    this.#lines.push(`${this.paint.cyan(label.padEnd(LABEL_WIDTH))}${paint(oneLine(text))}${aside}`);
  }

  /** A block that says what status there was. */
  status(label: string, status: number, remark: string): void {
    const { green, yellow, red } = this.paint;
    this.block(label, String(status), remark, status < 400 ? green : status < 500 ? yellow : red);
  }

  line(text: string): void {
    this.#lines.push(text === '' ? '' : `${INDENT}${text}`);
  }

  note(name: string, value: string): void {
    this.line(`${this.paint.dim(printable(name))} = ${printable(value)}`);
  }

  notes(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) this.note(name, value);
  }

  headers(headers: Pairs): void {
    for (const [name, value] of headers) {
      this.line(`${this.paint.dim(`${printable(name)}:`)} ${printable(value)}`);
    }
  }

  mappings(label: string, steps: readonly MappingStep[]): void {
    if (steps.length === 0) return;
    const rows = steps.map((step) => ({
      key: printable(step.key),
      value: printable(step.value ?? ''),
      before: step.before === undefined ? '' : printable(step.before),
      step,
    }));
    const keys = columnWidth(rows.map((row) => row.key));
    const values = columnWidth(rows.map((row) => row.value));
    const befores = columnWidth(rows.map((row) => row.before || 'nothing'));
    this.block(label, `${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`, '');
    for (const { key, value, before, step } of rows) {
      const configured = `${key.padEnd(keys)}  ${this.paint.dim(value.padEnd(values))}`;
      this.line(`${configured}  ${this.#change(step, before, befores)}`);
    }
  }

  /** Names with what they come to: a line each, in columns. */
  values(label: string, rows: readonly ValueRow[]): void {
    if (rows.length === 0) return;
    const shown = rows.map(({ name, of, value }) => ({ name: oneLine(name), of: oneLine(of), value }));
    const names = columnWidth(shown.map(({ name }) => name));
    const sources = columnWidth(shown.map(({ of }) => of));
    this.block(label, `${rows.length} ${rows.length === 1 ? 'value' : 'values'}`, '');
    for (const { name, of, value } of shown) {
      const configured = `${name.padEnd(names)}  ${this.paint.dim(of.padEnd(sources))}`;
      const result = value === undefined ? this.paint.dim('nothing') : this.paint.green(oneLine(value));
      this.line(`${configured}  = ${result}`);
    }
  }

  #change(step: MappingStep, before: string, width: number): string {
    const { dim, red, green } = this.paint;
    if (step.value !== undefined && step.result === undefined && step.cleared !== true)
      return dim('its value does not exist');
    const nothing = 'nothing'.padEnd(width);
    const left = step.before === undefined ? dim(nothing) : red(before.padEnd(width));
    const right = step.after === undefined ? dim('nothing') : green(printable(step.after));
    return step.before === step.after ? `${dim(before.padEnd(width))} = unchanged` : `${left} → ${right}`;
  }

  body(body: string, bytes: number): void {
    if (bytes === 0) return;
    this.#lines.push('');
    const lines = printable(body.replaceAll('\r\n', '\n').replace(/\n+$/, '')).split('\n');
    for (const line of lines.slice(0, SHOWN_BODY_LINES)) this.line(line);
    const shown = Buffer.byteLength(body);
    if (lines.length > SHOWN_BODY_LINES || shown < bytes)
      this.line(this.paint.dim(`… ${bytes} bytes in all`));
  }
}

function columnWidth(cells: readonly string[]): number {
  return Math.min(WIDEST_COLUMN, Math.max(0, ...cells.map((cell) => cell.length)));
}
