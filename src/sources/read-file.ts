// Files of definitions: read whole within bounds, as UTF-8, under the names that findings have for them.
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type { SourceText } from '../definitions/deploy-request.ts';
import { type MapNode, positionsIn } from '../tree/node.ts';
import { readText } from '../tree/read-text.ts';
import { TextError } from '../tree/text-error.ts';
import { SourceError } from './source-error.ts';

/** What a template may have with all that it includes (spec/definitions.md §2.1.1), in bytes. */
export const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** As findings name a file: from the working directory on where it is below that, else absolute. */
export function nameOf(path: string, cwd: string): string {
  const found = relative(cwd, path);
  const isBelow = found !== '' && found !== '..' && !found.startsWith(`..${sep}`) && !isAbsolute(found);
  return isBelow ? found : path;
}

/** Throws SourceError. */
export async function readTextFile(path: string, cwd: string): Promise<SourceText> {
  const name = nameOf(path, cwd);
  try {
    const { size } = await stat(path);
    if (size > MAX_TEXT_BYTES) throw tooLarge(name, size);
    return { name, text: textOf(await readFile(path), name) };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${name} ${problemOf(error)}.`, { cause: error });
  }
}

/** Throws SourceError for what is too large, or no UTF-8. */
export function textOf(bytes: Buffer, name: string): string {
  if (bytes.length > MAX_TEXT_BYTES) throw tooLarge(name, bytes.length);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new SourceError(`${name} is not UTF-8 text: save it as UTF-8.`);
}

/** JSON or YAML, whose root is a map. Throws SourceError with the place. */
export async function readTreeFile(path: string, cwd: string): Promise<MapNode> {
  return treeOf(await readTextFile(path, cwd));
}

/** The same of a text. */
export function treeOf({ name, text }: SourceText): MapNode {
  try {
    return readText(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const { line, column } = positionsIn(text)(error.offset);
    throw new SourceError(`${name}:${line}:${column}: it cannot be read: ${error.detail}.`, { cause: error });
  }
}

function tooLarge(name: string, size: number): SourceError {
  return new SourceError(`${name} has ${size} bytes: a text of a definition may have ${MAX_TEXT_BYTES}.`);
}

/** What the system says of a file, as the end of a sentence. */
export function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EISDIR') return 'is a directory, where a file is wanted';
  return `cannot be read (${code})`;
}
