// What the names of a template stand for (spec/websocket-api.md §5.3.1, §5.3.7).
import type { Run } from './run.ts';
import type { Value } from './values.ts';

export interface Scope {
  /** undefined for a name that stands for nothing. */
  get(name: string, run: Run): Value | undefined;
  set(name: string, value: Value): void;
  remove(name: string): void;
}

export class RootScope implements Scope {
  readonly #variables: Map<string, Value>;

  constructor(variables: Map<string, Value>) {
    this.#variables = variables;
  }

  get(name: string): Value | undefined {
    return this.#variables.get(name);
  }

  set(name: string, value: Value): void {
    this.#variables.set(name, value);
  }

  remove(name: string): void {
    this.#variables.delete(name);
  }
}

/** An argument of a macro: what it is where the macro was called, each time it is used. */
export type Argument = (run: Run) => Value | undefined;

/** In a macro: what the macro has set, then its arguments, then what the caller sees. What it sets, the caller sees too. */
export class MacroScope implements Scope {
  readonly #own = new Map<string, Value>();
  readonly #arguments: ReadonlyMap<string, Argument>;
  readonly #caller: Scope;

  constructor(args: ReadonlyMap<string, Argument>, caller: Scope) {
    this.#arguments = args;
    this.#caller = caller;
  }

  get(name: string, run: Run): Value | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    const argument = this.#arguments.get(name);
    return argument === undefined ? this.#caller.get(name, run) : run.within(this.#caller, argument);
  }

  set(name: string, value: Value): void {
    this.#own.set(name, value);
    this.#caller.set(name, value);
  }

  remove(name: string): void {
    this.#own.delete(name);
    this.#caller.remove(name);
  }
}
