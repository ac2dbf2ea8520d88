// A value of the configuration file with the place it was written at: what the readers of the file's sections work with,
// so that every complaint says line and column.
import { resolve } from 'node:path';
import { isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import { suggestion, UsageError } from './usage-error.ts';

/** The file a value is from. */
export interface ConfigSource {
  /** As messages call it. */
  readonly name: string;
  readonly lines: LineCounter;
  /** Absolute; relative paths in the file start here. */
  readonly directory: string;
}

export class ConfigNode {
  readonly #source: ConfigSource;
  readonly #node: Node;
  /** Where it stands: `functions.hello.timeout`; empty for the root. */
  readonly path: string;

  constructor(source: ConfigSource, node: Node, path: string) {
    this.#source = source;
    this.#node = node;
    this.path = path;
  }

  /** `postern.yaml:3:9`. */
  get place(): string {
    return this.#placeOf(this.#node);
  }

  /** `functions.hello.timeout in postern.yaml:3:9`. */
  get where(): string {
    return `${this.path} in ${this.place}`;
  }

  /** What relative paths of the file start from. */
  get directory(): string {
    return this.#source.directory;
  }

  /** The members of a mapping that has these keys alone. Throws UsageError for another key, and for one without value. */
  members<K extends string>(known: readonly K[]): ReadonlyMap<K, ConfigNode> {
    const found = new Map<K, ConfigNode>();
    for (const [key, pair] of this.#pairs(`is a mapping of ${known.join(', ')}`)) {
      const name = known.find((each) => each === key);
      if (name === undefined) {
        throw new UsageError(
          `${this.#placeOf(pair.key)}: there is no setting ${JSON.stringify(key)} here.${suggestion(key, known)} Known here: ${known.join(', ')}.`,
        );
      }
      found.set(name, this.#child(key, pair));
    }
    return found;
  }

  /** The members of a mapping whose keys the user chooses, in the order of the file. */
  entries(): (readonly [name: string, node: ConfigNode])[] {
    return this.#pairs('is a mapping').map(([key, pair]) => [key, this.#child(key, pair)] as const);
  }

  /** The values of a list. */
  items(): ConfigNode[] {
    const node = this.#node;
    if (!isSeq(node)) throw this.error('is a list; begin each entry with "- "');
    return (node.items as Node[]).map((item, i) => new ConfigNode(this.#source, item, `${this.path}[${i}]`));
  }

  /** Whether it is one value, not a collection. */
  get isScalar(): boolean {
    return isScalar(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** The value as it is written: an account of digits is not a number. */
  text(): string {
    const node = this.#node;
    if (!isScalar(node)) throw this.error('is one value, not a collection');
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  }

  /** A number between both, itself among them. */
  number(min: number, max: number): number {
    const text = this.text();
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw this.error(`is a number from ${min} to ${max}, not ${JSON.stringify(text)}`);
    }
    return value;
  }

  integer(min: number, max: number): number {
    const value = this.number(min, max);
    if (!Number.isInteger(value)) throw this.error(`is a whole number, not ${value}`);
    return value;
  }

  boolean(): boolean {
    const text = this.text();
    if (text !== 'true' && text !== 'false')
      throw this.error(`is true or false, not ${JSON.stringify(text)}`);
    return text === 'true';
  }

  /** One of the words. */
  choice<W extends string>(words: readonly W[]): W {
    const text = this.text();
    const word = words.find((each) => each === text);
    if (word === undefined) {
      const right = words.length === 1 ? words[0] : `one of ${words.join(', ')}`;
      throw this.error(`is ${right}, not ${JSON.stringify(text)}`);
    }
    return word;
  }

  /** An http or https URL without query, and without `/` at its end. */
  url(): string {
    const text = this.text();
    if (!URL.canParse(text) || !['http:', 'https:'].includes(new URL(text).protocol)) {
      throw this.error(`is an http or https URL, not ${JSON.stringify(text)}`);
    }
    if (/[?#]/.test(text)) throw this.error(`is an URL without ? and #, not ${JSON.stringify(text)}`);
    return text.replace(/\/$/, '');
  }

  /** A path of the file system, made absolute from the file's directory. */
  filePath(): string {
    const text = this.text();
    if (text === '') throw this.error('is a path, which cannot be empty');
    return resolve(this.#source.directory, text);
  }

  /** What is wrong with the value, to throw; `advice` follows its name: `is a number`. */
  error(advice: string): UsageError {
    return new UsageError(`${this.place}: ${this.path || 'the configuration'} ${advice}.`);
  }

  #pairs(advice: string): (readonly [string, Pair<Node, Node | null>])[] {
    const node = this.#node;
    if (!isMap(node)) throw this.error(advice);
    return (node as YAMLMap<Node, Node | null>).items.map((pair) => {
      const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : '';
      return [key, pair] as const;
    });
  }

  #child(key: string, pair: Pair<Node, Node | null>): ConfigNode {
    const path = this.path === '' ? key : `${this.path}.${key}`;
    const { value } = pair;
    if (value === null || (isScalar(value) && value.value === null)) {
      throw new UsageError(`${this.#placeOf(pair.key)}: ${path} has no value.`);
    }
    return new ConfigNode(this.#source, value, path);
  }

  #placeOf(node: Node): string {
    const { line, col } = this.#source.lines.linePos(node.range?.[0] ?? 0);
    return `${this.#source.name}:${line}:${col}`;
  }
}
