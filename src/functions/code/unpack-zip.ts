// Zip files of code (spec/definitions.md §7.2): nothing is written outside of their directory, nothing is a link, and there is an end to
// how much is in them. yauzl checks the names of entries, and that they are as long as they say.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { messageOf } from '../../defect.ts';
import { codeDirectory } from './code-directories.ts';

/** A file that is not unpacked; the message says why, and names it. */
export class ZipError extends Error {}

/** Of what is in it, unpacked: Lambda's limit. */
export const MAX_UNPACKED_BYTES = 262_144_000;
/** Files and directories: of npm's packages, those of a hundred would not be as many. */
export const MAX_ENTRIES = 50_000;
const MAX_NAME_LENGTH = 1_024;
const MAX_DEPTH = 64;
const HASH_LENGTH = 32;

/** What is being unpacked: all functions of a package may have one file. */
const underWay = new Map<string, Promise<string>>();

/** The directory below `all` that has what is in a zip file. Throws ZipError. */
export async function unpackZip(path: string, all: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  // A file that has been written since is another.
  const key = JSON.stringify([path, all, found?.mtimeMs, found?.size]);
  const begun = underWay.get(key);
  if (begun !== undefined) return begun;
  const unpacked = unpackOnce(path, all).finally(() => underWay.delete(key));
  underWay.set(key, unpacked);
  return unpacked;
}

async function unpackOnce(path: string, all: string): Promise<string> {
  try {
    const hash = await hashOfFile(path);
    return await codeDirectory(all, hash, (directory) => unpack(path, directory));
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(`${path} cannot be unpacked: ${messageOf(error)}`, { cause: error });
  }
}

/** Whether it is a zip file, by its first bytes: what is in it, or the end of an empty one. */
export async function isZip(path: string): Promise<boolean> {
  // What is no plain file may never answer.
  if ((await stat(path).catch(() => undefined))?.isFile() !== true) return false;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && /^PK(?:\x03\x04|\x05\x06)$/.test(buffer.toString('latin1'));
  } finally {
    await file.close();
  }
}

async function hashOfFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_UNPACKED_BYTES) throw tooLarge(path);
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

async function unpack(path: string, directory: string): Promise<void> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path, { autoClose: false });
  try {
    if (zip.entryCount > MAX_ENTRIES) throw tooMany(path);
    const { files, directories } = await entriesOf(zip, path);
    for (const name of directories) await mkdir(join(directory, name), { mode: 0o700 });
    for (const entry of files) {
      const mode = (modeOf(entry) & 0o111) === 0 ? 0o600 : 0o700;
      const to = createWriteStream(join(directory, entry.fileName), { flags: 'wx', mode });
      await pipeline(await zip.openReadStreamPromise(entry), to);
    }
  } finally {
    zip.close();
  }
}

interface Entries {
  readonly files: readonly Entry[];
  /** Each after those that it is in. */
  readonly directories: Iterable<string>;
}

/** All there is, before anything is written. */
async function entriesOf(zip: ZipFile, path: string): Promise<Entries> {
  const files: Entry[] = [];
  const names = new Set<string>();
  const directories = new Set<string>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry, path);
    const { fileName, uncompressedSize } = entry;
    const segments = fileName.split('/').slice(0, -1);
    for (let i = 1; i <= segments.length; i++) directories.add(segments.slice(0, i).join('/'));
    if (directories.size > MAX_ENTRIES) throw tooMany(path);
    bytes += uncompressedSize;
    if (bytes > MAX_UNPACKED_BYTES) throw tooLarge(path);
    if (fileName.endsWith('/')) continue;
    if (names.has(fileName)) throw new ZipError(`${path}: ${shown(fileName)} is in it twice`);
    names.add(fileName);
    files.push(entry);
  }
  const both = files.find(({ fileName }) => directories.has(fileName));
  if (both !== undefined) {
    throw new ZipError(`${path}: ${shown(both.fileName)} is a file and a directory in it`);
  }
  return { files, directories };
}

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/** As Unix has it; 0 where another system has packed it. */
function modeOf({ externalFileAttributes }: Entry): number {
  return externalFileAttributes >>> 16;
}

function checkEntry(entry: Entry, path: string): void {
  const { fileName } = entry;
  const type = modeOf(entry) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) {
    throw new ZipError(
      `${path}: ${shown(fileName)} is a link or another special file, which is not unpacked`,
    );
  }
  const segments = fileName.replace(/\/$/, '').split('/');
  const isPlain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  if (
    !isPlain ||
    segments.length > MAX_DEPTH ||
    fileName.length > MAX_NAME_LENGTH ||
    fileName.includes('\0')
  ) {
    throw new ZipError(`${path}: ${shown(fileName)} is no name of a file`);
  }
}

function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

function tooLarge(path: string): ZipError {
  return new ZipError(`${path} has more than ${MAX_UNPACKED_BYTES} bytes, which is Lambda's limit`);
}

function tooMany(path: string): ZipError {
  return new ZipError(`${path} has more than ${MAX_ENTRIES} files`);
}
