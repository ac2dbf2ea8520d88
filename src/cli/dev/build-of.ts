// What `--build` and `--watch` say (spec/definitions.md §12.4).
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Settings } from '../../settings/settings.ts';
import { isMade } from '../../sources/definition-files.ts';
import { projectOf } from '../../sources/stack-name.ts';
import type { Given } from '../read-options.ts';
import { Build, type BuildMeans } from './build.ts';

export interface BuildSurroundings
  extends Pick<BuildMeans, 'cwd' | 'quietMillis' | 'output' | 'paint' | 'onChange'> {
  readonly settings: Pick<Settings, 'data'>;
  readonly source: string | undefined;
}

/** Undefined without a command. */
export async function buildOf(
  { flags, repeated }: Given,
  { settings, source, ...rest }: BuildSurroundings,
): Promise<Build | undefined> {
  const command = flags.get('build');
  if (command === undefined) return undefined;
  const { cwd } = rest;
  const { directory, made } = await placeOf(source, cwd);
  const watched = repeated.get('watch')?.map((path) => resolve(cwd, path)) ?? [directory];
  return new Build({ ...rest, command, watched, ignored: [settings.data, ...made] });
}

interface Place {
  /** Where what a command reads is, unless it is said. */
  readonly directory: string;
  /** Directories that it makes. */
  readonly made: readonly string[];
}

async function placeOf(source: string | undefined, cwd: string): Promise<Place> {
  // Others that are usual have a dot before their names, and are never watched.
  if (source === undefined) return { directory: cwd, made: [join(cwd, 'cdk.out')] };
  const path = resolve(cwd, source);
  const found = await stat(path).catch(() => undefined);
  const isFile = found === undefined ? TEMPLATE.test(path) : found.isFile();
  if (isFile) return { directory: projectOf(dirname(path)), made: [] };
  if (found !== undefined && !(await isMade(path))) return { directory: path, made: [] };
  return { directory: dirname(path), made: [path] };
}

/** As what the command has yet to make is called. */
const TEMPLATE = /\.(?:ya?ml|json|template)$/;
