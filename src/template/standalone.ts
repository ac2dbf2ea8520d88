// A template rendered for itself, without an API: for `postern template` and for unit tests (spec/websocket-api.md §5).
import { compileTemplate } from './compile-template.ts';
import { parseLenientJson } from './lenient-json.ts';
import { jsonOf } from './print-value.ts';
import { Budget, MAX_STEPS, type Value, VList, VMap } from './values.ts';

export interface StandaloneValues {
  /** The payload: `$input` is of it. */
  readonly body: string;
  /** `$context`, of `templateContext`. */
  readonly context: VMap;
  readonly stageVariables: ReadonlyMap<string, string>;
}

export interface StandaloneResult {
  readonly output: string;
  /** What the template set in `$context.requestOverride`, and in `$context.responseOverride`. */
  readonly requestOverride: unknown;
  readonly responseOverride: unknown;
}

/** Throws TemplateError. */
export function renderStandalone(source: string, values: StandaloneValues): StandaloneResult {
  const output = compileTemplate(source).render(values);
  const set = (name: string): unknown => JSON.parse(jsonOf(values.context.entries.get(name)!));
  return { output, requestOverride: set('requestOverride'), responseOverride: set('responseOverride') };
}

/** `$context` of the JSON text of an object, with the maps that templates set overrides in (§5.7.5); undefined for another text. */
export function templateContext(json: string): VMap | undefined {
  if (!isObject(json)) return undefined;
  const context = silent(parseLenientJson(json, new Budget(MAX_STEPS))) as VMap;
  const override = (...names: string[]): Value =>
    new VMap(new Map(names.map((name) => [name, new VMap(new Map(), 'silent')])), 'silent');
  context.entries.set('requestOverride', override('header', 'querystring', 'path'));
  context.entries.set('responseOverride', override('header'));
  return context;
}

function isObject(json: string): boolean {
  try {
    const given: unknown = JSON.parse(json);
    return typeof given === 'object' && given !== null && !Array.isArray(given);
  } catch {
    return false;
  }
}

function silent(value: Value): Value {
  if (value instanceof VList) return new VList(value.items.map(silent), value.json);
  if (!(value instanceof VMap)) return value;
  return new VMap(new Map([...value.entries].map(([name, item]) => [name, silent(item)])), 'silent');
}
