// One rendering of a template: its variables, its output, what it may still use up.
import { TemplateInput, type TemplateParameters } from './input.ts';
import { RootScope, type Scope } from './scope.ts';
import { useTool } from './tools.ts';
import {
  Budget,
  bounded,
  MAX_STEPS,
  MAX_TEXT,
  TemplateError,
  type Value,
  type VLoop,
  VMap,
  VTool,
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

export interface CompiledMacro {
  readonly parameters: readonly (string | undefined)[];
  render(run: Run): Signal;
}

export type Macros = ReadonlyMap<string, CompiledMacro>;

/** How a block ended. */
export type Signal = 'next' | 'break';

/** `#stop`: ends the rendering, or the `#evaluate` around it (§5.3.5). */
export class Stop extends Error {}

const MAX_CALLS = 20;

export class Run {
  readonly budget = new Budget(MAX_STEPS);
  scope: Scope;
  /** Those of the template, and what `#evaluate` has defined. */
  macros: Macros;
  /** The loop that `#break($foreach.parent)` means; undefined for the innermost. */
  breaking: VLoop | undefined = undefined;
  #output = '';
  #calls = 0;

  constructor({ body, parameters, context, stageVariables }: TemplateEnvironment, macros: Macros) {
    const input = new TemplateInput(body, parameters, this.budget);
    const variables = new Map<string, Value>([
      [
        'input',
        new VTool(
          (name, args) => input.call(name, args),
          (name) => (name === 'body' ? input.body : undefined),
        ),
      ],
      [
        'util',
        new VTool(
          (name, args) => useTool(name, args, this.budget),
          () => undefined,
        ),
      ],
      ['context', context],
      ['stageVariables', new VMap(new Map(stageVariables), 'java')],
    ]);
    this.scope = new RootScope(variables);
    this.macros = macros;
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

  /** Goes one call of a macro, block or `#evaluate` deeper. */
  nested<T>(call: () => T): T {
    if (++this.#calls > MAX_CALLS) throw new TemplateError(`Calls are nested more than ${MAX_CALLS} deep`);
    try {
      return call();
    } finally {
      this.#calls--;
    }
  }

  /** What `evaluate` gives where names stand for what `scope` says. */
  within<T>(scope: Scope, evaluate: (run: Run) => T): T {
    const before = this.scope;
    this.budget.spend(1);
    this.scope = scope;
    try {
      return evaluate(this);
    } finally {
      this.scope = before;
    }
  }

  get(name: string): Value | undefined {
    return this.scope.get(name, this);
  }
}
