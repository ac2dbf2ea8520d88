// Route selection (spec/http-api.md §2.2, §2.3): a map of literal paths before anything, then one segment trie walked
// twice: full matches first, then greedy ones, with backtracking where the method does not fit.
import { unreachable } from '../defect.ts';
import type { RouteKey, Segment } from '../grammar/route-key.ts';

/** The methods a route can have (spec/http-api.md §2.6, Choice C13). */
export const ROUTABLE_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
]);

export interface RouteMatch<R> {
  readonly route: R;
  /** Decoded values of the route's path variables, in the order of the template; a greedy one last, without leading slash. */
  readonly values: readonly string[];
}

export interface Router<R> {
  /** Finds the route of a method and a normalised path without its stage. */
  match(method: string, path: string): RouteMatch<R> | undefined;
}

interface Leaf<R> {
  readonly methods: Map<string, RouteMatch<R>>;
  any: RouteMatch<R> | undefined;
}

interface Node<R> {
  readonly literals: Map<string, Node<R>>;
  parameter: Node<R> | undefined;
  leaf: Leaf<R> | undefined;
  greedy: Leaf<R> | undefined;
}

const NO_VALUES: readonly string[] = Object.freeze([]);

/** Builds the router of a stage. Of routes that differ only in variable names the first wins (Choice C9). */
export function compileRouter<R>(
  routes: readonly { readonly key: RouteKey; readonly route: R }[],
): Router<R> {
  const literal = new Map<string, Leaf<R>>();
  const root = newNode<R>();
  let fallback: RouteMatch<R> | undefined;
  let hasGreedy = false;
  for (const { key, route } of routes) {
    const match: RouteMatch<R> = { route, values: NO_VALUES };
    if (key.kind === 'default') {
      fallback ??= match;
      continue;
    }
    const path = literalPath(key.segments);
    if (path !== undefined) {
      const leaf = literal.get(path) ?? newLeaf<R>();
      literal.set(path, leaf);
      add(leaf, key.method, match);
      continue;
    }
    let node = root;
    let greedy = false;
    for (const segment of key.segments) {
      if (segment.kind === 'literal') node = childOf(node.literals, segment.text);
      else if (segment.kind === 'greedy') greedy = true;
      else if (segment.kind === 'parameter') {
        node.parameter ??= newNode<R>();
        node = node.parameter;
      } else unreachable(segment);
    }
    hasGreedy ||= greedy;
    const leaf = (greedy ? node.greedy : node.leaf) ?? newLeaf<R>();
    if (greedy) node.greedy = leaf;
    else node.leaf = leaf;
    add(leaf, key.method, match);
  }
  return new TrieRouter(literal, root, hasGreedy, fallback);
}

/** The path of a template without variables; undefined for any other. */
function literalPath(segments: readonly Segment[]): string | undefined {
  let path = '';
  for (const segment of segments) {
    if (segment.kind !== 'literal') return undefined;
    path += `/${segment.text}`;
  }
  return path === '' ? '/' : path;
}

class TrieRouter<R> implements Router<R> {
  readonly #literal: ReadonlyMap<string, Leaf<R>>;
  readonly #root: Node<R>;
  readonly #hasGreedy: boolean;
  readonly #fallback: RouteMatch<R> | undefined;

  constructor(
    literal: Map<string, Leaf<R>>,
    root: Node<R>,
    hasGreedy: boolean,
    fallback: RouteMatch<R> | undefined,
  ) {
    this.#literal = literal;
    this.#root = root;
    this.#hasGreedy = hasGreedy;
    this.#fallback = fallback;
  }

  match(method: string, path: string): RouteMatch<R> | undefined {
    if (!ROUTABLE_METHODS.has(method)) return undefined;
    const leaf = this.#literal.size === 0 ? undefined : this.#literal.get(path);
    if (leaf !== undefined) {
      const found = leaf.methods.get(method) ?? leaf.any;
      if (found !== undefined) return found;
    }
    const values: string[] = [];
    const full = walkFull(this.#root, method, path, 1, values);
    if (full !== undefined) return { route: full.route, values };
    if (this.#hasGreedy) {
      const greedy = walkGreedy(this.#root, method, path, 1, values);
      if (greedy !== undefined) return { route: greedy.route, values };
    }
    return this.#fallback;
  }
}

/** Whole-template matches with at least one `{name}`; `at` is behind a slash. Fills `values`, and empties it again on failure. */
function walkFull<R>(
  node: Node<R>,
  method: string,
  path: string,
  at: number,
  values: string[],
): RouteMatch<R> | undefined {
  const slash = path.indexOf('/', at);
  const last = slash < 0;
  const segment = last ? path.substring(at) : path.substring(at, slash);
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = last ? pick(literal.leaf, method) : walkFull(literal, method, path, slash + 1, values);
    if (found !== undefined) return found;
  }
  const parameter = node.parameter;
  if (parameter === undefined || segment === '') return undefined;
  values.push(segment);
  const found = last ? pick(parameter.leaf, method) : walkFull(parameter, method, path, slash + 1, values);
  if (found === undefined) values.pop();
  return found;
}

/** Greedy matches, the most specific template first. The remainder may be empty (spec/http-api.md §2.3; for `/` Choice C12). */
function walkGreedy<R>(
  node: Node<R>,
  method: string,
  path: string,
  at: number,
  values: string[],
): RouteMatch<R> | undefined {
  const slash = path.indexOf('/', at);
  if (slash >= 0) {
    const segment = path.substring(at, slash);
    const literal = node.literals.get(segment);
    if (literal !== undefined) {
      const found = walkGreedy(literal, method, path, slash + 1, values);
      if (found !== undefined) return found;
    }
    if (node.parameter !== undefined && segment !== '') {
      values.push(segment);
      const found = walkGreedy(node.parameter, method, path, slash + 1, values);
      if (found !== undefined) return found;
      values.pop();
    }
  }
  const found = pick(node.greedy, method);
  if (found !== undefined) values.push(path.substring(at));
  return found;
}

function pick<R>(leaf: Leaf<R> | undefined, method: string): RouteMatch<R> | undefined {
  return leaf === undefined ? undefined : (leaf.methods.get(method) ?? leaf.any);
}

function add<R>(leaf: Leaf<R>, method: string, match: RouteMatch<R>): void {
  if (method === 'ANY') leaf.any ??= match;
  else if (!leaf.methods.has(method)) leaf.methods.set(method, match);
}

function childOf<R>(children: Map<string, Node<R>>, text: string): Node<R> {
  const child = children.get(text) ?? newNode<R>();
  children.set(text, child);
  return child;
}

function newNode<R>(): Node<R> {
  return { literals: new Map(), parameter: undefined, leaf: undefined, greedy: undefined };
}

function newLeaf<R>(): Leaf<R> {
  return { methods: new Map(), any: undefined };
}
