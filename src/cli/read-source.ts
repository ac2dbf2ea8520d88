// Files that commands are given by name: read whole, or a sentence.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { UsageError } from '../settings/usage-error.ts';

/** As a file's name: standard input. */
export const STDIN = '-';

/** The bytes of a file, or of standard input. Throws UsageError. */
export async function readSource(file: string): Promise<Buffer> {
  if (file === STDIN) return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') throw new UsageError(`${file} is a directory: name a file in it.`);
    throw new UsageError(
      `The file ${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`,
    );
  }
}
