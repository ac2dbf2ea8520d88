// Methods of lists, as Java's have them (spec/websocket-api.md §5.5).
import { sameValue } from './compare.ts';
import { hashOf } from './hash-code.ts';
import { type Method, methodTable, taking, takingNone } from './method.ts';
import { paidText } from './print-value.ts';
import { type Budget, MAX_ELEMENTS, TemplateError, type Value, VIterator, VList, VView } from './values.ts';

export const listMethods: ReadonlyMap<string, Method<VList>> = methodTable<VList>({
  size: (self) => BigInt(self.items.length),
  // AWS's reference uses it.
  count: (self) => BigInt(self.items.length),
  isEmpty: (self) => self.items.length === 0,
  toString: takingNone((self: VList, _args, budget) => paidText(self, budget)),
  hashCode: takingNone((self, _args, budget) => hashOf(self, budget)),
  equals: taking(1, (self, [other], budget) => sameValue(self, other, budget)),
  get: taking(1, (self, [at]) => (typeof at === 'bigint' ? self.items[indexIn(self, at)]! : undefined)),
  contains: taking(1, (self, [item], budget) => indexOf(self, item, budget) >= 0),
  indexOf: taking(1, (self, [item], budget) => BigInt(indexOf(self, item, budget))),
  lastIndexOf: taking(1, (self, [item], budget) => {
    for (let i = self.items.length - 1; i >= 0; i--)
      if (sameValue(self.items[i]!, item, budget)) return BigInt(i);
    return -1n;
  }),
  containsAll: taking(1, (self, [all], budget) =>
    elementsOf(all)?.every((item) => indexOf(self, item, budget) >= 0),
  ),
  add: (self, args) => {
    if (args.length === 1) {
      insert(self, self.items.length, [args[0]!]);
      return true;
    }
    const [at, item] = args;
    if (typeof at !== 'bigint' || item === undefined || args.length > 2) return undefined;
    insert(self, indexIn(self, at, self.items.length), [item]);
    return undefined;
  },
  addAll: (self, args, budget) => {
    const at = args.length === 1 ? BigInt(self.items.length) : args[0];
    const items = elementsOf(args.length === 1 ? args[0] : args[1]);
    if (typeof at !== 'bigint' || items === undefined || args.length > 2) return undefined;
    budget.spend(items.length);
    insert(self, indexIn(self, at, self.items.length), items);
    return items.length > 0;
  },
  set: taking(2, (self, [at, item]) => {
    if (typeof at !== 'bigint') return undefined;
    const index = indexIn(self, at);
    const before = self.items[index]!;
    self.items[index] = item!;
    return before;
  }),
  remove: taking(1, (self, [item], budget) => {
    const at = typeof item === 'bigint' ? indexIn(self, item) : indexOf(self, item, budget);
    if (at < 0) return false;
    changing(self);
    const [removed] = self.items.splice(at, 1);
    return typeof item === 'bigint' ? removed : true;
  }),
  removeAll: taking(1, (self, [all], budget) => keep(self, elementsOf(all), false, budget)),
  retainAll: taking(1, (self, [all], budget) => keep(self, elementsOf(all), true, budget)),
  clear: (self) => {
    changing(self);
    self.items.length = 0;
    return undefined;
  },
  subList: taking(2, (self, [from, to], budget) => {
    if (typeof from !== 'bigint' || typeof to !== 'bigint') return undefined;
    if (from < 0n || to > BigInt(self.items.length) || from > to) {
      throw new TemplateError(`subList(${from}, ${to}) is outside of a list of ${self.items.length}`);
    }
    budget.spend(Number(to - from));
    // A part of a JSON array is a plain list (§5.6.5).
    return new VList(self.items.slice(Number(from), Number(to)), false);
  }),
  iterator: (self) => new VIterator(self, self.items),
});

/** The index. Throws TemplateError outside of the list; `most` is the last that may be. */
export function indexIn(list: VList, at: bigint, most = list.items.length - 1): number {
  if (at < 0n || at > BigInt(most)) {
    throw new TemplateError(`Index ${at} is outside of a list of ${list.items.length}`);
  }
  return Number(at);
}

/** What a list, key set or the like holds; undefined for what is no collection. */
export function elementsOf(value: Value | undefined): readonly Value[] | undefined {
  return value instanceof VList || value instanceof VView ? value.items : undefined;
}

export function checkSize(size: number): void {
  if (size > MAX_ELEMENTS) throw new TemplateError(`A list or map of more than ${MAX_ELEMENTS} elements`);
}

function indexOf(list: VList, item: Value | undefined, budget: Budget): number {
  return list.items.findIndex((each) => sameValue(each, item, budget));
}

function changing(list: VList): void {
  if (list.isFixed) throw new TemplateError('Nothing can be added to an array, or removed from it');
  list.changes++;
}

function insert(list: VList, at: number, items: readonly Value[]): void {
  changing(list);
  checkSize(list.items.length + items.length);
  list.items.splice(at, 0, ...items);
}

/** Keeps what is among `all`, or what is not. Whether anything went. */
function keep(
  list: VList,
  all: readonly Value[] | undefined,
  isKept: boolean,
  budget: Budget,
): boolean | undefined {
  if (all === undefined) return undefined;
  const kept = list.items.filter((item) => all.some((each) => sameValue(each, item, budget)) === isKept);
  if (kept.length === list.items.length) return false;
  changing(list);
  list.items.length = 0;
  for (const item of kept) list.items.push(item);
  return true;
}
