// The configuration file: YAML read with positions, so that every complaint says line and column.
import { readFile } from 'node:fs/promises';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import {
  SETTING_NAMES,
  SETTING_OPTIONS,
  type SettingName,
  type Written,
  type WrittenCredentials,
} from './options.ts';
import { suggestion, UsageError } from './usage-error.ts';

export interface ConfigFile {
  readonly settings: ReadonlyMap<SettingName, Written>;
  readonly credentials: readonly WrittenCredentials[];
}

/** Reads a configuration file; `name` is what messages call it, `where` who named it. Throws UsageError. */
export async function readConfigFile(path: string, where: string, name: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a directory'
          : `cannot be read (${code})`;
    throw new UsageError(`${where} names the configuration file ${name}, which ${why}.`);
  }
  return parseConfig(text, name);
}

/** Reads the text of a configuration file; `name` is its name in messages. Throws UsageError. */
export function parseConfig(text: string, name: string): ConfigFile {
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return new ConfigReader(name, lines).read(document);
}

const CREDENTIAL_KEYS = ['accessKeyId', 'secretAccessKey', 'accountId'];

class ConfigReader {
  readonly #path: string;
  readonly #lines: LineCounter;
  readonly #settings = new Map<SettingName, Written>();
  readonly #credentials: WrittenCredentials[] = [];

  constructor(path: string, lines: LineCounter) {
    this.#path = path;
    this.#lines = lines;
  }

  read(document: Document.Parsed): ConfigFile {
    const error = document.errors[0];
    if (error !== undefined)
      throw new UsageError(`${this.#at(error.pos[0])}: this is not YAML: ${error.message}.`);
    const root = document.contents;
    // An empty file, or only comments.
    if (root !== null && !(isScalar(root) && root.value === null)) this.#readMap(root, []);
    return { settings: this.#settings, credentials: this.#credentials };
  }

  #readMap(node: Node, prefix: readonly string[]): void {
    const known = this.#keysBelow(prefix);
    for (const [key, pair] of this.#members(node, prefix.join('.') || 'the configuration', known)) {
      if (prefix.length === 0 && key === 'credentials') {
        this.#readCredentials(pair.value, this.#place(pair));
        continue;
      }
      const path = [...prefix, key];
      const name = SETTING_NAMES.find((each) => SETTING_OPTIONS[each].key.join('.') === path.join('.'));
      if (name === undefined) this.#readMap(this.#present(pair, path.join('.')), path);
      else this.#settings.set(name, this.#text(pair, path.join('.')));
    }
  }

  #keysBelow(prefix: readonly string[]): string[] {
    const keys = SETTING_NAMES.map((name) => SETTING_OPTIONS[name].key)
      .filter((key) => prefix.every((part, i) => key[i] === part))
      .map((key) => key[prefix.length]!);
    return [...new Set(prefix.length === 0 ? [...keys, 'credentials'] : keys)];
  }

  #readCredentials(node: Node | null, place: string): void {
    if (!isSeq(node))
      throw new UsageError(`${place}: credentials is a list; begin each entry with "- accessKeyId:".`);
    for (const item of node.items as Node[]) {
      const members = this.#members(item, 'an entry of credentials', CREDENTIAL_KEYS);
      const text = (key: string): Written | undefined => {
        const pair = members.get(key);
        return pair === undefined ? undefined : this.#text(pair, `credentials.${key}`);
      };
      const [accessKeyId, secretAccessKey] = [text('accessKeyId'), text('secretAccessKey')];
      if (accessKeyId === undefined || secretAccessKey === undefined) {
        throw new UsageError(
          `${this.#at(item.range?.[0])}: an entry of credentials needs both accessKeyId and secretAccessKey.`,
        );
      }
      this.#credentials.push({ accessKeyId, secretAccessKey, accountId: text('accountId') });
    }
  }

  #members(node: Node | null, what: string, known: readonly string[]): Map<string, Pair<Node, Node | null>> {
    if (!isMap(node)) {
      throw new UsageError(`${this.#at(node?.range?.[0])}: ${what} is a mapping of ${known.join(', ')}.`);
    }
    const members = new Map<string, Pair<Node, Node | null>>();
    for (const pair of (node as YAMLMap<Node, Node | null>).items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (!known.includes(key)) {
        throw new UsageError(
          `${this.#place(pair)}: there is no setting ${JSON.stringify(key)} here.${suggestion(key, known)} Known here: ${known.join(', ')}.`,
        );
      }
      members.set(key, pair);
    }
    return members;
  }

  /** The value as it is written: an account of digits is not a number. */
  #text(pair: Pair<Node, Node | null>, key: string): Written {
    const node = this.#present(pair, key);
    if (!isScalar(node))
      throw new UsageError(`${this.#at(node.range?.[0])}: ${key} is one value, not a collection.`);
    const value = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    return { value, where: `${key} in ${this.#at(node.range?.[0])}` };
  }

  #present(pair: Pair<Node, Node | null>, key: string): Node {
    const node = pair.value;
    if (node === null || (isScalar(node) && node.value === null)) {
      throw new UsageError(`${this.#place(pair)}: ${key} has no value.`);
    }
    return node;
  }

  #place(pair: Pair<Node, Node | null>): string {
    return this.#at(pair.key.range?.[0]);
  }

  #at(offset: number | undefined): string {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    return `${this.#path}:${line}:${col}`;
  }
}
