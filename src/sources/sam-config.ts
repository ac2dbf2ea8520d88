// samconfig.toml beside a template: four members of it (spec/definitions.md §1.4).
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readTextFile } from './read-file.ts';
import { SourceError } from './source-error.ts';
import { PARAMETERS, type Pair, pairsOfText, TAGS } from './words.ts';

export interface SamConfig {
  readonly stackName?: string | undefined;
  readonly region?: string | undefined;
  readonly parameters: { readonly [name: string]: string };
  readonly tags: { readonly [key: string]: string };
}

const NOTHING: SamConfig = { parameters: {}, tags: {} };

export interface SamConfigPlace {
  /** Where it is looked for, absolute. */
  readonly directory: string;
  /** `--config-file`: must be there. */
  readonly file?: string | undefined;
  /** `--config-env`. */
  readonly environment?: string | undefined;
  readonly cwd: string;
}

/** What it says of a deploy. Throws SourceError. */
export async function readSamConfig(place: SamConfigPlace): Promise<SamConfig> {
  const { directory, file, environment = 'default', cwd } = place;
  const path = file === undefined ? join(directory, 'samconfig.toml') : resolve(cwd, file);
  if (file === undefined && !(await stat(path).catch(() => undefined))) return NOTHING;
  const { name, text } = await readTextFile(path, cwd);
  const root = await tableOf(text, name);
  const environmentTable = memberOf(root, environment);
  if (environmentTable === undefined && place.environment !== undefined) {
    throw new SourceError(`${name} has no environment ${JSON.stringify(environment)} (--config-env).`);
  }
  const [own, shared] = ['deploy', 'global'].map((command) =>
    memberOf(memberOf(environmentTable, command), 'parameters'),
  );
  const given = (key: string): unknown => memberOf(own, key) ?? memberOf(shared, key);
  const wrong = (key: string, wanted: string): SourceError =>
    new SourceError(`${name}: ${environment}.deploy.parameters.${key} is ${wanted}.`);
  const text_ = (key: string): string | undefined => {
    const value = given(key);
    if (value === undefined || typeof value === 'string') return value;
    throw wrong(key, 'text');
  };
  const pairs = (key: string, kind: typeof PARAMETERS): Readonly<Record<string, string>> => {
    const found = pairsIn(given(key), kind);
    if (found === undefined) throw wrong(key, 'text with KEY=VALUE, or a list of such');
    return Object.fromEntries(found);
  };
  return {
    stackName: text_('stack_name'),
    region: text_('region'),
    parameters: pairs('parameter_overrides', { ...PARAMETERS, option: `${name}: parameter_overrides` }),
    tags: pairs('tags', { ...TAGS, option: `${name}: tags` }),
  };
}

async function tableOf(text: string, name: string): Promise<unknown> {
  // Loaded for who has such a file.
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.split('\n');
    throw new SourceError(`${name}:${error.line}:${error.column}: ${reason}`, { cause: error });
  }
}

function memberOf(table: unknown, key: string): unknown {
  if (typeof table !== 'object' || table === null || !Object.hasOwn(table, key)) return undefined;
  return new Map(Object.entries(table)).get(key);
}

function pairsIn(value: unknown, kind: typeof PARAMETERS): readonly Pair[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return pairsOfText(value, kind);
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) return undefined;
  return value.flatMap((each: string) => pairsOfText(each, kind));
}
