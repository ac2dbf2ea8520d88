// Methods of lists, maps and their entries, as Java's collections have them (spec/websocket-api.md §5.5).
import { sameValue } from './compare.ts';
import { textOf } from './print-value.ts';
import { type Method, methodTable } from './string-methods.ts';
import { MAX_ELEMENTS, TemplateError, type Value, VEntry, VList, VMap } from './values.ts';

export const listMethods: ReadonlyMap<string, Method<VList>> = methodTable<VList>({
  size: (self) => BigInt(self.items.length),
  // AWS's reference uses it.
  count: (self) => BigInt(self.items.length),
  isEmpty: (self) => self.items.length === 0,
  toString: (self: VList) => textOf(self),
  get: (self, [at]) => (typeof at === 'bigint' ? self.items[indexIn(self, at)]! : undefined),
  contains: (self, [item]) => indexOf(self, item) >= 0,
  indexOf: (self, [item]) => BigInt(indexOf(self, item)),
  add: (self, args) => {
    if (args.length === 1) {
      self.items.push(args[0]!);
      checkSize(self.items.length);
      return true;
    }
    const [at, item] = args;
    if (typeof at !== 'bigint' || item === undefined) return undefined;
    const index = at === BigInt(self.items.length) ? self.items.length : indexIn(self, at);
    self.items.splice(index, 0, item);
    checkSize(self.items.length);
    return undefined;
  },
  addAll: (self, [other], budget) => {
    if (!(other instanceof VList)) return undefined;
    budget.spend(other.items.length);
    checkSize(self.items.length + other.items.length);
    self.items.push(...other.items.slice());
    return other.items.length > 0;
  },
  set: (self, [at, item]) => {
    if (typeof at !== 'bigint' || item === undefined) return undefined;
    const index = indexIn(self, at);
    const before = self.items[index]!;
    self.items[index] = item;
    return before;
  },
  remove: (self, [item]) => {
    if (typeof item === 'bigint') return self.items.splice(indexIn(self, item), 1)[0];
    const at = indexOf(self, item);
    if (at >= 0) self.items.splice(at, 1);
    return at >= 0;
  },
  clear: (self) => {
    self.items.length = 0;
    return undefined;
  },
  subList: (self, [from, to], budget) => {
    if (typeof from !== 'bigint' || typeof to !== 'bigint') return undefined;
    if (from < 0n || to > BigInt(self.items.length) || from > to) {
      throw new TemplateError(`subList(${from}, ${to}) is outside of a list of ${self.items.length}`);
    }
    budget.spend(Number(to - from));
    return new VList(self.items.slice(Number(from), Number(to)), self.json);
  },
});

export const mapMethods: ReadonlyMap<string, Method<VMap>> = methodTable<VMap>({
  size: (self) => BigInt(self.entries.size),
  isEmpty: (self) => self.entries.size === 0,
  toString: (self: VMap) => textOf(self),
  get: (self, [key]) => (key === undefined ? undefined : self.entries.get(textOf(key))),
  getOrDefault: (self, [key, other]) =>
    key === undefined ? undefined : (self.entries.get(textOf(key)) ?? other),
  put: (self, [key, value]) => {
    if (key === undefined || value === undefined) return undefined;
    return putInto(self, textOf(key), value);
  },
  putAll: (self, [other], budget) => {
    if (!(other instanceof VMap)) return undefined;
    budget.spend(other.entries.size);
    for (const [key, value] of other.entries) putInto(self, key, value);
    return undefined;
  },
  containsKey: (self, [key]) => key !== undefined && self.entries.has(textOf(key)),
  containsValue: (self, [value]) => [...self.entries.values()].some((each) => sameValue(each, value)),
  keySet: (self, _args, budget) => listed(self, budget, ([key]) => key),
  values: (self, _args, budget) => listed(self, budget, ([, value]) => value),
  entrySet: (self, _args, budget) => listed(self, budget, ([key, value]) => new VEntry(key, value)),
  remove: (self, [key]) => {
    if (key === undefined) return undefined;
    const before = self.entries.get(textOf(key));
    self.entries.delete(textOf(key));
    return before;
  },
  clear: (self) => {
    self.entries.clear();
    return undefined;
  },
});

export const entryMethods: ReadonlyMap<string, Method<VEntry>> = methodTable<VEntry>({
  getKey: (self) => self.key,
  getValue: (self) => self.value,
  toString: (self: VEntry) => textOf(self),
});

/** Puts an entry in place. Returns the former value. */
export function putInto(map: VMap, key: string, value: Value): Value | undefined {
  const before = map.entries.get(key);
  map.entries.set(key, value);
  checkSize(map.entries.size);
  return before;
}

/** The index, from the end when negative. Throws TemplateError outside of the list. */
export function indexIn(list: VList, at: bigint): number {
  const index = at < 0n ? at + BigInt(list.items.length) : at;
  if (index < 0n || index >= BigInt(list.items.length)) {
    throw new TemplateError(`Index ${at} is outside of a list of ${list.items.length}`);
  }
  return Number(index);
}

function listed(
  { entries }: VMap,
  budget: { spend(steps: number): void },
  item: (entry: [string, Value]) => Value,
): VList {
  budget.spend(entries.size);
  return new VList([...entries].map(item), false);
}

function indexOf(list: VList, item: Value | undefined): number {
  return list.items.findIndex((each) => sameValue(each, item));
}

function checkSize(size: number): void {
  if (size > MAX_ELEMENTS) throw new TemplateError(`A list or map of more than ${MAX_ELEMENTS} elements`);
}
