// A definition on its way out: plain values, where a map keeps the order in which its members are printed.

/** A function makes its map when that is printed: one of many. */
export type Tree = string | number | boolean | readonly Tree[] | TreeMap | (() => TreeMap);
export type TreeMap = Map<string, Tree>;

/** A map of the members that are there, in their order. */
export function treeOf(members: { readonly [name: string]: Tree | undefined }): TreeMap {
  const entries = Object.entries(members) as [string, Tree | undefined][];
  return new Map(entries.filter((entry): entry is [string, Tree] => entry[1] !== undefined));
}

/** Undefined for a map or list that has nothing in it. */
export function unlessEmpty<T extends readonly Tree[] | TreeMap>(tree: T): T | undefined {
  return (tree instanceof Map ? tree.size : tree.length) === 0 ? undefined : tree;
}

/** Compares by UTF-16 units, which for ASCII is the order of code points (Choice O45). */
export function inOrderOf<T>(items: readonly T[], name: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
}
