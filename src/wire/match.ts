// Which operation a method and a raw path name (spec/management-api.md §1.2, §1.3). A static tree of path segments;
// no two operations share a method and a compatible path, so nothing is ranked.
import type { Operation } from './operation.ts';
import { operations } from './operation.ts';

export interface Match {
  readonly operation: Operation;
  /** Decoded path labels, in the order of `operation.labels`. */
  readonly labels: readonly string[];
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  /** Its parameter takes the rest of the path: tag ARNs may come with literal slashes. */
  greedy: boolean;
  readonly operations: Map<string, Operation>;
}

const PREFIX = '/v2/';

/** Finds the operation; `rawPath` is as sent, without query. Undefined for an unknown path, an unknown verb on a known
 *  path, and labels that are empty or no percent-encoded UTF-8. */
export function matchOperation(method: string, rawPath: string): Match | undefined {
  if (!rawPath.startsWith(PREFIX)) return undefined;
  const labels: string[] = [];
  let node = tree;
  let start = PREFIX.length;
  while (start <= rawPath.length) {
    const slash = node.greedy ? -1 : rawPath.indexOf('/', start);
    const end = slash === -1 ? rawPath.length : slash;
    const segment = rawPath.substring(start, end);
    const literal = node.literals.get(segment);
    if (literal !== undefined) {
      node = literal;
    } else {
      const label = node.parameter === undefined ? undefined : decodeLabel(segment);
      if (label === undefined) return undefined;
      labels.push(label);
      node = node.parameter!;
    }
    start = end + 1;
  }
  const operation = node.operations.get(method);
  return operation === undefined ? undefined : { operation, labels };
}

function decodeLabel(segment: string): string | undefined {
  if (segment === '') return undefined;
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const tree = plant();

function plant(): Node {
  const root = emptyNode();
  for (const operation of operations) {
    let node = root;
    for (const segment of operation.path.slice(PREFIX.length).split('/')) {
      if (segment.startsWith('{')) {
        node.parameter ??= emptyNode();
        if (segment === '{ResourceArn}') node.greedy = true;
        node = node.parameter;
      } else {
        const next = node.literals.get(segment) ?? emptyNode();
        node.literals.set(segment, next);
        node = next;
      }
    }
    node.operations.set(operation.method, operation);
  }
  return root;
}

function emptyNode(): Node {
  return { literals: new Map(), parameter: undefined, greedy: false, operations: new Map() };
}
