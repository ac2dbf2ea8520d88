// `$input`: the payload of a template and the parameters of the connect request (spec/websocket-api.md §5.7.1).
import { evaluateJayway } from './jayway/evaluate.ts';
import { parseJaywayPath } from './jayway/parse.ts';
import type { JaywayPath } from './jayway/syntax.ts';
import { parseLenientJson } from './lenient-json.ts';
import { jsonOf, textOf } from './print-value.ts';
import { type Budget, copyOf, TemplateError, type Value, VMap } from './values.ts';

/** Parameters of the connect request by location; empty maps elsewhere. */
export interface TemplateParameters {
  readonly path: ReadonlyMap<string, string>;
  readonly querystring: ReadonlyMap<string, string>;
  readonly header: ReadonlyMap<string, string>;
}

/** How `$input` is used, with what that gives. */
export const INPUT_REFERENCES: readonly (readonly [reference: string, about: string])[] = [
  ["$input.json('$')", 'JSON text of what a JSONPath finds in the payload'],
  ["$input.path('$')", 'value that a JSONPath finds in the payload'],
  ["$input.params('name')", 'parameter of the connect request: path, then query, then header'],
  ['$input.params()', 'all parameters of the connect request'],
  ['$input.body', 'the payload as it is'],
];

const NO_PARAMETERS: TemplateParameters = { path: new Map(), querystring: new Map(), header: new Map() };
const LOCATIONS = ['path', 'querystring', 'header'] as const;

// Paths that templates spell out are few; those they compute are bounded.
const KEPT_PATHS = 1_024;
const parsedPaths = new Map<string, JaywayPath>();

function parsedPath(text: string): JaywayPath {
  let path = parsedPaths.get(text);
  if (path === undefined) {
    path = parseJaywayPath(text);
    if (parsedPaths.size >= KEPT_PATHS) parsedPaths.clear();
    parsedPaths.set(text, path);
  }
  return path;
}

export class TemplateInput {
  /** The payload; an empty one is `{}`. */
  readonly body: string;
  readonly #parameters: TemplateParameters;
  readonly #budget: Budget;
  #parsed: Value | undefined = undefined;
  #isRejected = false;

  constructor(body: string, parameters: TemplateParameters | undefined, budget: Budget) {
    this.body = body === '' ? '{}' : body;
    this.#parameters = parameters ?? NO_PARAMETERS;
    this.#budget = budget;
  }

  /** What `$input.name(args)` returns; undefined for nothing. */
  call(name: string, args: readonly Value[]): Value | undefined {
    const [first] = args;
    if (args.length > 1) return undefined;
    switch (name) {
      case 'json': {
        const found = first === undefined ? undefined : this.#find(textOf(first));
        if (found === undefined || found === null) return '""';
        const text = jsonOf(found);
        this.#budget.spend(text.length >> 1);
        return text;
      }
      case 'path': {
        const found = first === undefined ? undefined : this.#find(textOf(first));
        return found === undefined ? undefined : copyOf(found, this.#budget);
      }
      case 'params':
        return first === undefined ? this.#allParameters() : this.#parameter(textOf(first));
      case 'body':
      case 'getBody':
        return this.body;
      default:
        return undefined;
    }
  }

  #find(path: string): Value | undefined {
    if (this.#isRejected) return undefined;
    if (this.#parsed === undefined) {
      try {
        this.#parsed = parseLenientJson(this.body, this.#budget);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        // Spent budgets fail the template at the next step anyway.
        this.#isRejected = true;
        return undefined;
      }
    }
    return evaluateJayway(parsedPath(path), this.#parsed, this.#budget);
  }

  #parameter(name: string): Value {
    for (const location of LOCATIONS) {
      const value = this.#parameters[location].get(name);
      if (value !== undefined) return value;
    }
    return '';
  }

  #allParameters(): Value {
    return new VMap(
      new Map(LOCATIONS.map((each) => [each, new VMap(new Map(this.#parameters[each]), 'java')])),
      'java',
    );
  }
}
