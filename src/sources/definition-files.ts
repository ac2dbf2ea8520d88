// Which files and directories say what is deployed (spec/definitions.md §12.2): a change of one of them may make another deploy of it.
// Files that a template names are not among them: a server asks for those.
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ASSEMBLY, PACKAGE, TEMPLATES, USUAL } from './find-source.ts';
import { projectOf } from './stack-name.ts';
import type { DefinitionOptions } from './stack-requests.ts';
import { FILE_PREFIX } from './words.ts';

/** Absolute. Of directories, what counts has one of `MADE_EXTENSIONS`. Those that are not there count too: they may come. */
export async function filesOfDefinition(options: DefinitionOptions): Promise<readonly string[]> {
  const { source, cwd, variablesFile, samConfigFile, parameterOverrides = [], tags = [] } = options;
  const named = source === undefined ? USUAL : [source];
  const found = await Promise.all(named.map((path) => filesAt(resolve(cwd, path))));
  const files = [variablesFile, samConfigFile].flatMap((path) => path ?? []);
  const words = [...parameterOverrides, ...tags].filter((word) => word.startsWith(FILE_PREFIX));
  return [
    ...found.flat(),
    ...[...files, ...words.map((word) => word.slice(FILE_PREFIX.length))].map((path) => resolve(cwd, path)),
  ];
}

/** What of a directory that a tool has made counts: templates, manifests, packed code. */
export const MADE_EXTENSIONS: readonly string[] = ['.json', '.yaml', '.yml', '.template', '.zip', '.jar'];

const MADE = [ASSEMBLY, PACKAGE];
/** Whether a directory is an assembly or a package, all of which a tool has written. */
export async function isMade(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch((): string[] => []);
  return names.some((name) => MADE.includes(name));
}

const SAM_CONFIG = 'samconfig.toml';

async function filesAt(path: string): Promise<readonly string[]> {
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (!isDirectory) return [path, join(projectOf(dirname(path)), SAM_CONFIG)];
  if (await isMade(path)) return [path];
  return [...TEMPLATES, SAM_CONFIG, ...MADE].map((name) => join(path, name));
}
