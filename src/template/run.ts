// One rendering of a template: its variables, its output, what it may still use up.
import { entryMethods, indexIn, listMethods, mapMethods, putInto } from './collection-methods.ts';
import { TemplateInput, type TemplateParameters } from './input.ts';
import { textOf } from './print-value.ts';
import { booleanMethods, numberMethods } from './scalar-methods.ts';
import { type Method, stringMethods } from './string-methods.ts';
import { useTool } from './tools.ts';
import {
  Budget,
  bounded,
  isNumber,
  MAX_STEPS,
  MAX_TEXT,
  TemplateError,
  type Value,
  VEntry,
  VList,
  VMap,
} from './values.ts';

/** What a template can see. */
export interface TemplateEnvironment {
  /** The message, or the integration's response. */
  readonly body: string;
  readonly parameters?: TemplateParameters;
  /** `$context`: a map, with the overrides in it (spec/websocket-api.md §5.7.4, §5.7.5). */
  readonly context: VMap;
  readonly stageVariables: ReadonlyMap<string, string>;
}

/** A block that is rendered anew each time it is printed (`#define`). */
export interface Definition {
  render(run: Run): string;
}

export interface MacroDefinition {
  readonly parameters: readonly string[];
  render(run: Run): Signal;
}

/** How a block ended. */
export type Signal = 'next' | 'break' | 'stop';

/** What a name stands for. */
export type Bound =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'input' }
  | { readonly kind: 'util' }
  | { readonly kind: 'definition'; readonly definition: Definition };

const MAX_CALLS = 20;

export class Run {
  readonly budget = new Budget(MAX_STEPS);
  readonly macros = new Map<string, MacroDefinition>();
  #output = '';
  readonly #variables = new Map<string, Bound>();
  readonly #input: TemplateInput;
  #calls = 0;

  constructor({ body, parameters, context, stageVariables }: TemplateEnvironment) {
    this.#input = new TemplateInput(body, parameters, this.budget);
    this.#variables.set('input', { kind: 'input' });
    this.#variables.set('util', { kind: 'util' });
    this.#variables.set('context', { kind: 'value', value: context });
    this.set('stageVariables', new VMap(new Map(stageVariables), 'java'));
  }

  get output(): string {
    return this.#output;
  }

  write(text: string): void {
    this.#output += text;
    if (this.#output.length > MAX_TEXT)
      throw new TemplateError(`The template makes more than ${MAX_TEXT} characters`);
  }

  /** What `render` writes, instead of writing it. */
  capture(render: () => void): string {
    const before = this.#output;
    this.#output = '';
    try {
      render();
      return bounded(this.#output);
    } finally {
      this.#output = before;
    }
  }

  get(name: string): Bound | undefined {
    return this.#variables.get(name);
  }

  set(name: string, value: Value): void {
    this.#variables.set(name, { kind: 'value', value });
  }

  bind(name: string, bound: Bound | undefined): void {
    if (bound === undefined) this.#variables.delete(name);
    else this.#variables.set(name, bound);
  }

  /** Goes one call of a macro, block or `#evaluate` deeper. */
  nested<T>(call: () => T): T {
    if (++this.#calls > MAX_CALLS) throw new TemplateError(`Calls are nested more than ${MAX_CALLS} deep`);
    try {
      return call();
    } finally {
      this.#calls--;
    }
  }

  /** `$input.name` without parentheses. */
  inputProperty(name: string): Value | undefined {
    return name === 'body' ? this.#input.body : undefined;
  }

  callInput(name: string, args: readonly Value[]): Value | undefined {
    return this.#input.call(name, args);
  }

  callUtil(name: string, args: readonly Value[]): Value | undefined {
    return useTool(name, args, this.budget);
  }

  /** `value.name`: a map's entry, or a property such as `empty` (§5.2.7). */
  property(value: Value, name: string): Value | undefined {
    if (value instanceof VMap) return value.entries.get(name) ?? undefined;
    if (value instanceof VEntry)
      return name === 'key' ? value.key : name === 'value' ? value.value : undefined;
    return name === 'empty' ? this.call(value, 'isEmpty', []) : undefined;
  }

  /** `value[index]`. Throws TemplateError outside of a list. */
  element(value: Value, index: Value): Value | undefined {
    if (value instanceof VList)
      return typeof index === 'bigint' ? value.items[indexIn(value, index)] : undefined;
    return value instanceof VMap ? value.entries.get(textOf(index)) : undefined;
  }

  /** `value.name(args)`; undefined for a method that is not there. Nothing reflective is. */
  call(value: Value, name: string, args: readonly Value[]): Value | undefined {
    this.budget.spend(1);
    return methodOf(value, name)?.(value, args, this.budget);
  }

  /** `value.name = item` and `value[name] = item`. */
  assign(value: Value, key: Value, item: Value): void {
    if (value instanceof VMap) putInto(value, textOf(key), item);
    else if (value instanceof VList && typeof key === 'bigint') value.items[indexIn(value, key)] = item;
  }
}

function methodOf(value: Value, name: string): Method<Value> | undefined {
  if (typeof value === 'string') return stringMethods.get(name) as Method<Value> | undefined;
  if (isNumber(value)) return numberMethods.get(name) as Method<Value> | undefined;
  if (typeof value === 'boolean') return booleanMethods.get(name) as Method<Value> | undefined;
  if (value instanceof VList) return listMethods.get(name) as Method<Value> | undefined;
  if (value instanceof VMap) return mapMethods.get(name) as Method<Value> | undefined;
  return value === null ? undefined : (entryMethods.get(name) as Method<Value> | undefined);
}
