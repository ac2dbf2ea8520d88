// `postern template`: renders one mapping template (spec/websocket-api.md §5).
import { UsageError } from '../settings/usage-error.ts';
import { renderStandalone, type StandaloneResult, templateContext } from '../template/standalone.ts';
import { TemplateError } from '../template/values.ts';
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
  const written = flags.get('context');
  const context = templateContext(written ?? '{}');
  if (context === undefined)
    throw new UsageError(`--context is a JSON object, not ${JSON.stringify(written)}.`);
  const values = {
    body: await bodyOf(flags),
    context,
    stageVariables: new Map(command.stageVariables.map(readPair)),
  };
  let rendered: StandaloneResult;
  try {
    rendered = renderStandalone(source, values);
  } catch (error) {
    if (error instanceof TemplateError)
      throw new UsageError(
        `${file === STDIN ? 'Standard input' : file} cannot be rendered: ${error.message}.`,
      );
    throw error;
  }
  output.write(json ? `${JSON.stringify(rendered, undefined, 2)}\n` : rendered.output);
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
