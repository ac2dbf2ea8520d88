// Finds the code of a function: unpacks it where it is packed, and resolves its handler (spec/definitions.md §7.2). Nothing is built.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseHandler, pythonFiles } from '../handler-name.ts';
import { EXTENSIONS, type Runtime } from '../settings.ts';
import { codeDirectory } from './code-directories.ts';
import type { CodePlace, CodeSource, LocatedCode, Missing } from './code-source.ts';
import { layerPaths } from './layer-paths.ts';
import { isZip, unpackZip, ZipError } from './unpack-zip.ts';

/** Lambda's limit of code in a template. */
const MAX_INLINE_BYTES = 4_194_304;

/** Where the files of a function are. */
interface Root {
  readonly directory: string;
  /** What is watched. */
  readonly watch: readonly string[];
}

type Located = Extract<LocatedCode, { readonly file: string }>;

class NotFound extends Error {
  readonly missing: Missing;

  constructor(missing: Missing, reason: string) {
    super(reason);
    this.missing = missing;
  }
}

/** `all` is the directory for code that is kept in the data directory. */
export async function locateCode(source: CodeSource, all: string): Promise<LocatedCode> {
  try {
    const family = familyOf(source);
    const root = await rootOf(source, family, all);
    const { code, file } = await resolveHandler(source, family, root);
    const layers = await layerPaths(source.layers ?? [], family, all);
    return { code, file, notes: await notesOf(source, family, root.directory), layers };
  } catch (error) {
    if (error instanceof NotFound) return { code: undefined, missing: error.missing, reason: error.message };
    if (error instanceof ZipError) return { code: undefined, missing: 'wrong', reason: error.message };
    throw error;
  }
}

function familyOf({ from, runtime = '' }: CodeSource): Runtime {
  if (from.kind === 'elsewhere') throw new NotFound('elsewhere', from.reason);
  const family = (['nodejs', 'python', 'provided'] as const).find((each) => runtime.startsWith(each));
  if (family !== undefined) return family;
  throw new NotFound(
    'elsewhere',
    runtime === '' ? 'it says no Runtime' : `the runtime ${runtime} does not run here`,
  );
}

async function rootOf({ from, ...source }: CodeSource, family: Runtime, all: string): Promise<Root> {
  const place = from as Exclude<CodePlace, { kind: 'elsewhere' }>;
  if (place.kind === 'inline')
    return { directory: await inlineDirectory(place.text, family, all), watch: [] };
  const { path } = place;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new NotFound(isBuilt(source) ? 'unbuilt' : 'wrong', `there is no ${path}`);
  }
  if (found.isDirectory()) return { directory: path, watch: [path] };
  if (!found.isFile()) throw new NotFound('wrong', `${path} is neither a file nor a directory`);
  if (await isZip(path)) return { directory: await unpackZip(path, all), watch: [] };
  return { directory: dirname(path), watch: [path] };
}

const INLINE_FILES: { readonly [R in Runtime]: string } = {
  nodejs: 'index.js',
  python: 'index.py',
  provided: 'bootstrap',
};

async function inlineDirectory(text: string, family: Runtime, all: string): Promise<string> {
  if (Buffer.byteLength(text) > MAX_INLINE_BYTES) {
    throw new NotFound('wrong', `the code in the template has more than ${MAX_INLINE_BYTES} bytes`);
  }
  const name = INLINE_FILES[family];
  const hash = createHash('sha256').update(`${name}\n${text}`).digest('hex').slice(0, 32);
  const mode = family === 'provided' ? 0o700 : 0o600;
  return codeDirectory(all, hash, (directory) => writeFile(join(directory, name), text, { mode }));
}

async function resolveHandler(
  source: CodeSource,
  family: Runtime,
  root: Root,
): Promise<Pick<Located, 'code' | 'file'>> {
  const { directory, watch } = root;
  const placed = { Runtime: family, TaskRoot: directory, Watch: watch };
  if (family === 'provided') {
    const file = await bootstrapIn(directory, source);
    return { file, code: { ...placed, File: file, Export: '', Handler: source.handler ?? 'provided' } };
  }
  const { handler = '' } = source;
  const name = parseHandler(handler);
  if (name === undefined) {
    throw new NotFound(
      'wrong',
      `Handler is FILE.EXPORT, for example app.handler, not ${JSON.stringify(handler)}`,
    );
  }
  const file = within(directory, name.file);
  const tried =
    family === 'python'
      ? pythonFiles(handler).map((path) => within(directory, path))
      : EXTENSIONS.nodejs.map((extension) => file + extension);
  const found = await firstFile(tried);
  if (found !== undefined) {
    return { file: found, code: { ...placed, File: file, Export: name.exported, Handler: handler } };
  }
  const entry = await entryPointOf(source, directory);
  if (entry !== undefined) {
    const exported = handler.slice(handler.lastIndexOf('.') + 1);
    return { file: entry, code: { ...placed, File: entry, Export: exported, Handler: handler } };
  }
  const shown = tried.map((path) => relative(directory, path)).join(', ');
  throw new NotFound(
    isBuilt(source) ? 'unbuilt' : 'wrong',
    `Handler ${handler} leads to no file: in ${directory} there is none of ${shown}`,
  );
}

/** A handler leads nowhere but into the function's own directory. */
function within(directory: string, path: string): string {
  const found = resolve(directory, path);
  const below = relative(directory, found);
  if (!below.startsWith('..') && !isAbsolute(below)) return found;
  throw new NotFound('wrong', `Handler ${path} leads out of ${directory}`);
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isFile(path)) return path;
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function bootstrapIn(directory: string, { from }: CodeSource): Promise<string> {
  const file = join(directory, 'bootstrap');
  if (!(await isFile(file))) {
    const where = from.kind === 'path' ? from.path : 'the template';
    throw new NotFound('unbuilt', `there is no bootstrap in ${where}`);
  }
  try {
    await access(file, constants.X_OK);
  } catch {
    throw new NotFound('wrong', `${file} is not executable; chmod +x makes it so`);
  }
  return file;
}

/** What esbuild would begin with runs as it is (Choice D35). */
async function entryPointOf(
  { buildMethod, entryPoints = [] }: CodeSource,
  directory: string,
): Promise<string | undefined> {
  const [only, ...more] = entryPoints;
  if (buildMethod !== 'esbuild' || only === undefined || more.length > 0) return undefined;
  const file = within(directory, only);
  return (await isFile(file)) ? file : undefined;
}

/** Whether somebody has to build it before there is anything to run. */
function isBuilt({ buildMethod }: Pick<CodeSource, 'buildMethod'>): boolean {
  return buildMethod !== undefined && buildMethod !== 'esbuild';
}

async function notesOf({ runtime = '' }: CodeSource, family: Runtime, directory: string): Promise<string[]> {
  const notes: string[] = [];
  const major = /^[a-z]+([0-9]+)/.exec(runtime)?.[1];
  const running = { nodejs: process.versions.node.split('.')[0], python: '3', provided: undefined }[family];
  if (running !== undefined && major !== undefined && major !== running) {
    notes.push(`Runtime ${runtime} runs in ${family === 'nodejs' ? 'Node.js' : 'Python'} ${running} here`);
  }
  if (family === 'python' && (await lacksPackages(directory))) {
    notes.push('the packages of requirements.txt are not beside the code: those of python3 are used');
  }
  return notes;
}

async function lacksPackages(directory: string): Promise<boolean> {
  const names: readonly string[] = await readdir(directory).catch(() => []);
  return names.includes('requirements.txt') && !names.some((name) => name.endsWith('.dist-info'));
}
