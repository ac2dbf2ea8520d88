// The console's files as the build left them in dist/page, each beside its gzip and Brotli forms. A file is read when it is first
// asked for and then kept: there are as many as the build made, and no request makes more.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ConsoleFile {
  readonly contentType: string;
  readonly content: Buffer;
  /** Of the form that was chosen; undefined for the file itself. */
  readonly encoding: Encoding | undefined;
  /** Whether its name changes with its content. */
  readonly isHashed: boolean;
}

type Encoding = 'br' | 'gzip';

const FOLDER = fileURLToPath(new URL('../../../page/', import.meta.url));

const TYPES: { readonly [ending: string]: string } = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** By preference. */
const ENCODINGS: readonly (readonly [Encoding, ending: string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

/** The page itself; its script shows what the path names. */
const INDEX = 'index.html';
/** Where the build puts what has its hash in its name. */
const HASHED = 'assets/';

export class ConsoleFiles {
  readonly #folder: string;
  readonly #read = new Map<string, Promise<Buffer>>();
  #names: Promise<ReadonlySet<string>> | undefined;

  constructor(folder = FOLDER) {
    this.#folder = folder;
  }

  /** The file of a path below /_postern/console/; the page where it names none of the hashed ones. `missing`: there is no such file;
   *  `unbuilt`: there is no console. `accepts` is Accept-Encoding. */
  async find(path: string, accepts: string): Promise<ConsoleFile | 'missing' | 'unbuilt'> {
    this.#names ??= namesIn(this.#folder);
    const names = await this.#names;
    if (!names.has(INDEX)) {
      // It may be built yet.
      this.#names = undefined;
      return 'unbuilt';
    }
    const isHashed = path.startsWith(HASHED);
    const name = isHashed ? path : INDEX;
    const contentType = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (!names.has(name) || contentType === undefined) return 'missing';
    const form = ENCODINGS.find(
      ([encoding, ending]) => allows(accepts, encoding) && names.has(name + ending),
    );
    const content = await this.#contentOf(name + (form?.[1] ?? ''));
    return { contentType, content, encoding: form?.[0], isHashed };
  }

  #contentOf(name: string): Promise<Buffer> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const content = readFile(join(this.#folder, name));
    this.#read.set(name, content);
    content.catch(() => this.#read.delete(name));
    return content;
  }
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return new Set(
    files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/')),
  );
}

/** RFC 9110 §12.5.3: listed, and not with a weight of 0. */
function allows(accepts: string, encoding: Encoding): boolean {
  return accepts.split(',').some((each) => {
    const [name, weight = 'q=1'] = each.split(';').map((part) => part.trim().toLowerCase());
    return name === encoding && Number(weight.replace('q=', '')) > 0;
  });
}
