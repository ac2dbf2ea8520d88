// `postern template`: renders one mapping template (spec/websocket-api.md §5).
import { UsageError } from '../settings/usage-error.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { parseLenientJson } from '../template/lenient-json.ts';
import { jsonOf } from '../template/print-value.ts';
import { Budget, MAX_STEPS, TemplateError, type Value, VList, VMap } from '../template/values.ts';
import type { Command } from './command-line.ts';
import { readSource, STDIN } from './read-source.ts';

export interface TemplateOptions {
  readonly command: Command & { readonly name: 'template' };
  readonly output: { write(text: string): unknown };
}

/** Prints what a template makes. Throws UsageError, for a template that fails too. */
export async function runTemplate({ command, output }: TemplateOptions): Promise<number> {
  const { flags, file, json } = command;
  if (file === STDIN && flags.get('body-file') === STDIN) {
    throw new UsageError('Standard input is one text: the template, or the payload of --body-file.');
  }
  const source = (await readSource(file)).toString('utf8');
  const context = contextOf(flags.get('context'));
  const environment = {
    body: await bodyOf(flags),
    context,
    stageVariables: new Map(command.stageVariables.map(readPair)),
  };
  let rendered: string;
  try {
    rendered = compileTemplate(source).render(environment);
  } catch (error) {
    if (error instanceof TemplateError)
      throw new UsageError(
        `${file === STDIN ? 'Standard input' : file} cannot be rendered: ${error.message}.`,
      );
    throw error;
  }
  if (!json) output.write(rendered);
  else {
    const [request, response] = ['requestOverride', 'responseOverride'].map((name) =>
      JSON.parse(jsonOf(context.entries.get(name)!)),
    );
    output.write(
      `${JSON.stringify({ output: rendered, requestOverride: request, responseOverride: response }, undefined, 2)}\n`,
    );
  }
  return 0;
}

async function bodyOf(flags: ReadonlyMap<string, string>): Promise<string> {
  const [body, file] = [flags.get('body'), flags.get('body-file')];
  if (body !== undefined && file !== undefined)
    throw new UsageError('--body and --body-file exclude each other.');
  return file === undefined ? (body ?? '') : (await readSource(file)).toString('utf8');
}

function readPair(written: string): [string, string] {
  const equals = written.indexOf('=');
  if (equals < 1) throw new UsageError(`--stage-variable is NAME=VALUE, not ${JSON.stringify(written)}.`);
  return [written.slice(0, equals), written.slice(equals + 1)];
}

/** `$context` with the maps that templates set overrides in (§5.7.5). */
function contextOf(written: string | undefined): VMap {
  let given: unknown;
  try {
    given = JSON.parse(written ?? '{}');
  } catch {
    given = undefined;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UsageError(`--context is a JSON object, not ${JSON.stringify(written)}.`);
  }
  const context = silent(parseLenientJson(written ?? '{}', new Budget(MAX_STEPS))) as VMap;
  const override = (...names: string[]): Value =>
    new VMap(new Map(names.map((name) => [name, new VMap(new Map(), 'silent')])), 'silent');
  context.entries.set('requestOverride', override('header', 'querystring', 'path'));
  context.entries.set('responseOverride', override('header'));
  return context;
}

function silent(value: Value): Value {
  if (value instanceof VList) return new VList(value.items.map(silent), value.json);
  if (!(value instanceof VMap)) return value;
  return new VMap(new Map([...value.entries].map(([name, item]) => [name, silent(item)])), 'silent');
}
