// Trees that the expansion changes in place: a copy of the template, in which each value keeps the offset of what it came from
// (spec/definitions.md §8.10.1). A key whose value is null counts as absent, as it does in AWS SAM.
import { unreachable } from '../../defect.ts';
import type { Node, ScalarNode } from '../../tree/node.ts';

export type Tree = TreeMap | TreeList | ScalarNode;

export interface TreeMap {
  readonly kind: 'map';
  readonly offset: number;
  readonly members: Map<string, TreeMember>;
}

export interface TreeMember {
  readonly keyOffset: number;
  readonly value: Tree;
  /** The key is the expansion's own, and not of the template: the ids of REST deployments tell the two apart. */
  readonly isOurs?: boolean | undefined;
}

export interface TreeList {
  readonly kind: 'list';
  readonly offset: number;
  readonly items: Tree[];
}

/** A scalar that the expansion made. */
export interface OurScalar extends ScalarNode {
  readonly isOurs: true;
}

/** What a tree is made of (`made`): data, with trees of the template anywhere inside. Members that are undefined are left out. */
export type Plain = Tree | string | number | boolean | undefined | readonly Plain[] | PlainMap;

export interface PlainMap {
  readonly [key: string]: Plain;
}

/** A copy that may be changed. */
export function copied(node: Node): Tree {
  switch (node.kind) {
    case 'map':
      return {
        ...node,
        members: new Map(
          Array.from(node.members, ([key, member]) => [key, { ...member, value: copied(member.value) }]),
        ),
      };
    case 'list':
      return { ...node, items: node.items.map(copied) };
    case 'scalar':
      return node;
    default:
      return unreachable(node);
  }
}

function isTree(plain: Plain): plain is Tree {
  return typeof plain === 'object' && 'kind' in plain && 'offset' in plain;
}

/** A tree of data; what is not a tree already is at `at`. */
export function made(at: number, plain: Exclude<Plain, undefined>): Tree {
  if (typeof plain !== 'object') {
    const scalar: OurScalar = { kind: 'scalar', offset: at, value: plain, text: String(plain), isOurs: true };
    return scalar;
  }
  if (isTree(plain)) return plain;
  if (Array.isArray(plain)) {
    return { kind: 'list', offset: at, items: plain.map((item) => made(at, item)) };
  }
  return madeMap(at, plain as PlainMap);
}

export function madeMap(at: number, plain: PlainMap): TreeMap {
  const map: TreeMap = { kind: 'map', offset: at, members: new Map() };
  for (const [key, value] of Object.entries(plain)) {
    if (value !== undefined) map.members.set(key, { keyOffset: at, value: made(at, value), isOurs: true });
  }
  return map;
}

/** Text that counts as the template's, though it was put together here. */
export function textOfTemplate(at: number, text: string): ScalarNode {
  return { kind: 'scalar', offset: at, value: text, text };
}

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return tree?.kind === 'map';
}

export function isList(tree: Tree | undefined): tree is TreeList {
  return tree?.kind === 'list';
}

/** The value of a scalar that is text; undefined for numbers and all else. */
export function stringOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
}

export function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === true;
}

/** Undefined where `tree` is no map, or its member is null. */
export function get(tree: Tree | undefined, key: string): Tree | undefined {
  if (!isMap(tree)) return undefined;
  const value = tree.members.get(key)?.value;
  return value?.kind === 'scalar' && value.value === null ? undefined : value;
}

export function has(tree: Tree | undefined, key: string): boolean {
  return isMap(tree) && tree.members.has(key);
}

/** The place of a key stays where the map has it already. */
export function set(map: TreeMap, key: string, value: Exclude<Plain, undefined>): void {
  setNamed(map, key, value, true);
}

/** The same for a key of the template's. */
export function setNamed(map: TreeMap, key: string, value: Exclude<Plain, undefined>, isOurs = false): void {
  const tree = made(map.offset, value);
  const before = map.members.get(key) ?? { keyOffset: tree.offset, isOurs };
  map.members.set(key, { ...before, value: tree });
}

/** The members of a map; none of anything else. */
export function entries(tree: Tree | undefined): [string, Tree][] {
  return isMap(tree) ? Array.from(tree.members, ([key, { value }]) => [key, value]) : [];
}

/** Something is there that is not null, false, zero, or empty. */
export function isTruthy(tree: Tree | undefined): tree is Tree {
  if (tree === undefined) return false;
  switch (tree.kind) {
    case 'map':
      return tree.members.size > 0;
    case 'list':
      return tree.items.length > 0;
    default:
      return Boolean(tree.value);
  }
}

/** A member that is truthy. */
export function truthyMember(tree: Tree | undefined, key: string): Tree | undefined {
  const value = get(tree, key);
  return isTruthy(value) ? value : undefined;
}

/** The named members as they are read; what is not there is undefined. */
export function picked(
  tree: Tree | undefined,
  names: readonly string[],
  read: typeof get = get,
): Record<string, Tree | undefined> {
  return Object.fromEntries(names.map((name) => [name, read(tree, name)]));
}

/** The tree with other texts, of values and of keys, which count as the template's. */
export function withTexts(tree: Tree, rewrite: (text: string) => string): Tree {
  if (isList(tree)) return { ...tree, items: tree.items.map((item) => withTexts(item, rewrite)) };
  if (isMap(tree)) {
    const whole = madeMap(tree.offset, {});
    for (const [key, value] of entries(tree)) setNamed(whole, rewrite(key), withTexts(value, rewrite));
    return whole;
  }
  const text = stringOf(tree);
  return text === undefined ? tree : textOfTemplate(tree.offset, rewrite(text));
}

/** Equal data, whatever the order of members. */
export function areEqual(one: Tree | undefined, other: Tree | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isMap(one)) {
    return (
      isMap(other) &&
      one.members.size === other.members.size &&
      Array.from(one.members).every(([key, { value }]) => areEqual(value, other.members.get(key)?.value))
    );
  }
  if (isList(one)) {
    return (
      isList(other) &&
      one.items.length === other.items.length &&
      one.items.every((item, at) => areEqual(item, other.items[at]))
    );
  }
  return other.kind === 'scalar' && one.value === other.value;
}
