// A store as text that every engine reads: a line of JSON for the head, one for each document in the order of creation, one that closes
// it with the digest of all lines before. Keys, positions and documents are what the engine has, so nothing is different afterwards.
import { createHash } from 'node:crypto';
import { CannotRead } from './cannot-read.ts';

/** A document as engines keep it. */
export interface StoredDocument {
  /** As `printKey` has it. */
  readonly key: string;
  readonly seq: number;
  /** JSON of an object. */
  readonly body: string;
}

export interface DumpHead {
  readonly format: 1;
  readonly documents: number;
  /** Number of the newest change: numbers of the store that is made go on from it. */
  readonly latest: number;
}

const FORMAT = 1;
/** A document of the largest size that the management door takes, and what is around it. */
const LONGEST_LINE = 64 * 1024 * 1024;
const LINE = /^\{"key":("[^"\\]+"),"seq":(\d{1,16}),"body":(\{.*\})\}$/s;
/** What `printKey` writes, with a parent. */
const KEY = /^[\w.~$%-]*(?:\/[\w.~$%-]*)+$/;

/** The lines of a dump, each with its end. */
export async function* printDump(
  { documents, latest }: Omit<DumpHead, 'format'>,
  pages: AsyncIterable<readonly StoredDocument[]>,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const head = `${JSON.stringify({ postern: 'store', format: FORMAT, documents, latest })}\n`;
  hash.update(head);
  yield head;
  for await (const page of pages) {
    let text = '';
    for (const { key, seq, body } of page)
      text += `{"key":${JSON.stringify(key)},"seq":${seq},"body":${body}}\n`;
    hash.update(text);
    yield text;
  }
  yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`;
}

export interface Dump {
  readonly head: DumpHead;
  /** Throws CannotRead where it is not what was written: at its end too, so nothing is kept before that. */
  readonly documents: AsyncIterable<StoredDocument>;
}

/** Reads a dump. Throws CannotRead. */
export async function readDump(chunks: AsyncIterable<string>): Promise<Dump> {
  const lines = linesOf(chunks);
  const hash = createHash('sha256');
  const first = await lines.next();
  if (first.done === true) throw new CannotRead('it is empty');
  const head = headIn(first.value);
  hash.update(`${first.value}\n`);
  async function* documents(): AsyncGenerator<StoredDocument> {
    let [count, last] = [0, 0];
    for (;;) {
      const next = await lines.next();
      if (next.done === true) throw new CannotRead(`it ends after ${count} of ${head.documents} documents`);
      if (count === head.documents) {
        const { sha256 } = objectIn(next.value);
        if (sha256 !== hash.digest('hex'))
          throw new CannotRead('its checksum is another: it was changed, or copied badly');
        if ((await lines.next()).done !== true) throw new CannotRead('it goes on behind its checksum');
        return;
      }
      count++;
      const document = documentIn(next.value, count + 1);
      if (document.seq <= last || document.seq > head.latest) {
        throw new CannotRead(`line ${count + 1} is not in the order of creation`);
      }
      last = document.seq;
      hash.update(`${next.value}\n`);
      yield document;
    }
  }
  return { head, documents: documents() };
}

function headIn(line: string): DumpHead {
  const { postern, format, documents, latest } = objectIn(line);
  if (postern !== 'store') throw new CannotRead('it is no export of a store');
  if (format !== FORMAT)
    throw new CannotRead(`its format is ${String(format)}, and this version reads ${FORMAT}`);
  if (!isCount(documents) || !isCount(latest))
    throw new CannotRead('its first line has not the numbers of one');
  return { format, documents, latest };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function documentIn(line: string, number: number): StoredDocument {
  const [, quoted, seq, body] = LINE.exec(line) ?? [];
  const key = quoted === undefined ? '' : quoted.slice(1, -1);
  if (body === undefined || !KEY.test(key)) throw new CannotRead(`line ${number} is no document`);
  try {
    JSON.parse(body);
  } catch (error) {
    throw new CannotRead(`line ${number} is no document`, { cause: error });
  }
  return { key, seq: Number(seq), body };
}

function objectIn(line: string): { readonly [member: string]: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as { readonly [member: string]: unknown };
  } catch {
    // Said below.
  }
  throw new CannotRead('it is no export of a store');
}

/** Without their ends. Throws CannotRead for one that is too long. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      parts.push(chunk.slice(from, end));
      yield parts.join('');
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE) throw new CannotRead(`it has a line of more than ${LONGEST_LINE} characters`);
  }
  if (length > 0) throw new CannotRead('its last line has no end');
}
