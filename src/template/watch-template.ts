// A template rendered once more for who wants to know what it does: what its references come to, and where it fails.
import { compileTemplate } from './compile-template.ts';
import { textOf } from './print-value.ts';
import type { TemplateEnvironment } from './run.ts';
import type { TemplateWatch } from './syntax.ts';
import { placeIn, TemplateError, TemplateErrorAt, type Value, VBlock } from './values.ts';

/** What a reference of a template came to. */
export interface TemplateValue {
  /** As it is written: `$input.json('$.text')`. */
  readonly reference: string;
  /** Where it is, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** As it prints, at most 1,024 characters; absent where it leads nowhere. */
  readonly value?: string;
}

/** Why a template makes nothing. */
export interface TemplateProblem {
  readonly message: string;
  /** Where, counted from 1; absent where it is the template as a whole. */
  readonly line?: number;
  readonly column?: number;
}

export interface WatchedTemplate {
  /** In the order in which they were evaluated, each value of a place once, at most 200. */
  readonly values: readonly TemplateValue[];
  readonly problem?: TemplateProblem;
}

const MAX_VALUES = 200;
const SHOWN_CHARACTERS = 1_024;
/** Of all values as they print: what is behind it is not told of. */
const MAX_PRINTED = 262_144;

/** Renders a template, which sets the overrides of its context as it always does. */
export function watchTemplate(text: string, environment: TemplateEnvironment): WatchedTemplate {
  const watcher = new Watcher(text);
  try {
    compileTemplate(text, watcher.watch).render(environment);
    return { values: watcher.values };
  } catch (error) {
    if (error instanceof TemplateError) return { values: watcher.values, problem: watcher.problemOf(error) };
    throw error;
  }
}

/** What is too much to be printed makes no template fail that does not print it. */
function printed(value: Value): string {
  try {
    return textOf(value);
  } catch (error) {
    if (error instanceof TemplateError) return `(${error.message})`;
    throw error;
  }
}

class Watcher {
  readonly values: TemplateValue[] = [];
  readonly #text: string;
  readonly #known = new Set<string>();
  #printed = 0;
  /** Where the first evaluation threw: the innermost. */
  #failedAt: number | undefined = undefined;

  constructor(text: string) {
    this.#text = text;
  }

  readonly watch: TemplateWatch = (at, written) => ({
    value: (value) => this.#note(at, written, value),
    failure: (error) => {
      if (error instanceof TemplateError) this.#failedAt ??= at;
    },
  });

  problemOf(error: TemplateError): TemplateProblem {
    const { message } = error;
    if (error instanceof TemplateErrorAt) return { message, line: error.line, column: error.column };
    if (this.#failedAt === undefined) return { message };
    const { line, column, message: placed } = new TemplateErrorAt(this.#text, this.#failedAt, message);
    return { message: placed, line, column };
  }

  #note(at: number, reference: string, value: Value | undefined): void {
    // What `#define` names is rendered where it is printed, and told of there.
    if (value instanceof VBlock || this.values.length >= MAX_VALUES || this.#printed >= MAX_PRINTED) return;
    const text = value === undefined || value === null ? undefined : printed(value);
    this.#printed += text?.length ?? 0;
    const shown = text?.slice(0, SHOWN_CHARACTERS);
    const key = `${at} ${shown}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const place = { reference, ...placeIn(this.#text, at) };
    this.values.push(shown === undefined ? place : { ...place, value: shown });
  }
}
