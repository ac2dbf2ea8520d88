// What an operation says for people and API Gateway ignores: kept for portals as plain data, with the component schemas it
// uses (spec/openapi.md Choice O52). References to other components are replaced by what they lead to, those to schemas stay.
import { type MapNode, memberOf, type Node, plainOf, type ScalarNode } from '../../tree/node.ts';
import { stepsOf } from '../reference.ts';

const PARTS = ['summary', 'description', 'parameters', 'requestBody', 'responses', 'deprecated'];
const REPLACED: ReadonlySet<string> = new Set([
  'parameters',
  'requestBodies',
  'responses',
  'headers',
  'examples',
]);

/** Of JSON: each deployment has a copy. Where a document has more, with what references make of it, nothing is kept. */
export const MAX_DOCUMENTATION_BYTES = 1024 * 1024;
const BRACKETS = 2;
/** References in what references lead to. */
const MAX_REPLACED = 16;

type Plain = { readonly [key: string]: unknown };

/** Reads the documentation of a document's operations, one after another, and then the schemas they use. */
export class DocumentationReader {
  readonly #components: Node | undefined;
  readonly #used = new Set<string>();
  /** Components whose content is being read: a reference back to one stays a reference. */
  readonly #open = new Set<Node>();
  #left = MAX_DOCUMENTATION_BYTES;

  constructor(root: MapNode) {
    this.#components = memberOf(root, 'components');
  }

  /** Undefined for an operation that has none, and when it is too much. */
  read(operation: MapNode, pathItem: MapNode): object | undefined {
    const entries: [string, unknown][] = [];
    for (const part of PARTS) {
      const value =
        part === 'parameters'
          ? this.#parameters(operation, pathItem)
          : this.#plainOrNone(memberOf(operation, part));
      if (value !== undefined) entries.push([part, value]);
    }
    return entries.length === 0 || this.isTooMuch ? undefined : Object.fromEntries(entries);
  }

  /** The schemas that what was read refers to, and those that they refer to. */
  schemas(): Plain {
    const schemas = memberOf(this.#components, 'schemas');
    const entries: [string, unknown][] = [];
    // A set gives what is added while it is walked.
    for (const name of this.#used) {
      const schema = memberOf(schemas, name);
      const plain = schema && this.#plain(schema);
      if (this.isTooMuch) break;
      if (schema !== undefined) entries.push([name, plain]);
    }
    return Object.fromEntries(entries);
  }

  /** Whether there is more than may be kept. */
  get isTooMuch(): boolean {
    return this.#left < 0;
  }

  /** Those of the path that the operation has no parameter of the same name and place for, and its own. */
  #parameters(operation: MapNode, pathItem: MapNode): unknown {
    const own = this.#plainOrNone(memberOf(operation, 'parameters'));
    const shared = this.#plainOrNone(memberOf(pathItem, 'parameters'));
    if (!Array.isArray(own) || !Array.isArray(shared)) return own ?? shared;
    const owned = new Set(own.map(nameAndPlace));
    return [...shared.filter((each) => !owned.has(nameAndPlace(each))), ...own];
  }

  #plainOrNone(node: Node | undefined): unknown {
    return node === undefined ? undefined : this.#plain(node);
  }

  #plain(node: Node): unknown {
    if (this.isTooMuch) return undefined;
    switch (node.kind) {
      case 'map': {
        const target = this.#targetOf(node);
        if (target !== undefined) return this.#plainTarget(target);
        const entries: [string, unknown][] = [];
        this.#left -= BRACKETS;
        for (const [key, { value }] of node.members) {
          this.#take(key);
          entries.push([key, this.#plain(value)]);
        }
        // fromEntries defines each key, `__proto__` too; assignment would not.
        return Object.fromEntries(entries);
      }
      case 'list':
        this.#left -= BRACKETS;
        return node.items.map((item) => this.#plain(item));
      default:
        this.#take(node.value);
        if (typeof node.value === 'string') this.#noteSchema(node.value);
        return plainOf(node);
    }
  }

  /** A key or a scalar, and the sign behind it. */
  #take(value: ScalarNode['value']): void {
    this.#left -= Buffer.byteLength(JSON.stringify(value)) + 1;
  }

  #plainTarget(target: Node): unknown {
    this.#open.add(target);
    const plain = this.#plain(target);
    this.#open.delete(target);
    return plain;
  }

  /** What stands in the place of a reference. */
  #targetOf(node: MapNode): Node | undefined {
    if (this.#open.size === MAX_REPLACED) return undefined;
    const reference = memberOf(node, '$ref');
    if (reference?.kind !== 'scalar' || typeof reference.value !== 'string') return undefined;
    const [root, kind, name, ...rest] = stepsOf(reference.value) ?? [];
    if (root !== 'components' || name === undefined || rest.length > 0 || !REPLACED.has(kind!))
      return undefined;
    const target = memberOf(memberOf(this.#components, kind!), name);
    return target === undefined || this.#open.has(target) ? undefined : target;
  }

  /** Notes a use, in a reference or in the mapping of a discriminator. */
  #noteSchema(text: string): void {
    if (!text.startsWith('#/components/schemas/')) return;
    const name = stepsOf(text)?.[2];
    if (name !== undefined) this.#used.add(name);
  }
}

function nameAndPlace(parameter: unknown): string {
  const { name, in: place } = (parameter ?? {}) as Plain;
  return JSON.stringify([name, place]);
}
