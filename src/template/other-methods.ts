// Methods of what maps and loops give: key sets, entries, iterators, `$foreach` (spec/websocket-api.md §5.3.3, §5.5).
import { sameValue } from './compare.ts';
import { hashOf } from './hash-code.ts';
import { elementsOf } from './list-methods.ts';
import { mapMethods, putInto, removeFrom } from './map-methods.ts';
import { type Method, methodTable, taking, takingNone } from './method.ts';
import { paidText } from './print-value.ts';
import {
  type Budget,
  TemplateError,
  type Value,
  type VEntry,
  VIterator,
  VList,
  type VLoop,
  VMap,
  VView,
} from './values.ts';

/** What a loop goes over: elements, a map's values; undefined for what is no collection (§5.3.3). */
export function iteratorOf(value: Value | undefined, budget: Budget): VIterator | undefined {
  if (value instanceof VIterator) return value;
  if (value instanceof VList) return new VIterator(value, value.items);
  if (value instanceof VMap) return iteratorOf(new VView(value, 'values'), budget);
  if (!(value instanceof VView)) return undefined;
  budget.spend(value.map.entries.size);
  return new VIterator(value.map, value.items);
}

export const viewMethods: ReadonlyMap<string, Method<VView>> = methodTable<VView>({
  size: (self) => BigInt(self.map.entries.size),
  isEmpty: (self) => self.map.entries.size === 0,
  toString: takingNone((self: VView, _args, budget) => paidText(self, budget)),
  hashCode: takingNone((self, _args, budget) => hashOf(self, budget)),
  equals: taking(1, (self, [other], budget) => sameValue(self, other, budget)),
  contains: taking(1, (self, [item], budget) => isIn(self, item, budget)),
  containsAll: taking(1, (self, [all], budget) => elementsOf(all)?.every((item) => isIn(self, item, budget))),
  add: () => {
    throw new TemplateError('Nothing can be added to what keySet(), values() or entrySet() returns');
  },
  remove: taking(1, (self, [item], budget) =>
    removeWhere(self, budget, (each) => sameValue(each, item, budget), 1),
  ),
  removeAll: taking(1, (self, [all], budget) => {
    const items = elementsOf(all);
    if (items === undefined) return undefined;
    return removeWhere(self, budget, (each) => items.some((item) => sameValue(each, item, budget)));
  }),
  retainAll: taking(1, (self, [all], budget) => {
    const items = elementsOf(all);
    if (items === undefined) return undefined;
    return removeWhere(self, budget, (each) => !items.some((item) => sameValue(each, item, budget)));
  }),
  clear: takingNone((self, _args, budget) => mapMethods.get('clear')!(self.map, [], budget)),
  iterator: takingNone((self, _args, budget) => iteratorOf(self, budget)),
});

function isIn(view: VView, item: Value | undefined, budget: Budget): boolean {
  return view.items.some((each) => sameValue(each, item, budget));
}

/** Removes what a test holds of from the map behind the view, so many at most. Whether anything went. */
function removeWhere(
  view: VView,
  budget: Budget,
  test: (item: Value) => boolean,
  most = Number.POSITIVE_INFINITY,
): boolean {
  const [keys, items] = [[...view.map.entries.keys()], view.items];
  budget.spend(keys.length);
  const gone = keys.filter((_key, i) => test(items[i]!));
  for (const key of gone.slice(0, most)) removeFrom(view.map, key);
  return gone.length > 0;
}

export const entryMethods: ReadonlyMap<string, Method<VEntry>> = methodTable<VEntry>({
  getKey: (self) => self.key,
  getValue: (self) => self.value,
  setValue: taking(1, (self, [value]) => putInto(self.map, self.key, value!)),
  toString: takingNone((self: VEntry, _args, budget) => paidText(self, budget)),
  hashCode: takingNone((self, _args, budget) => hashOf(self, budget)),
  equals: taking(1, (self, [other], budget) => sameValue(self, other, budget)),
});

export const iteratorMethods: ReadonlyMap<string, Method<VIterator>> = methodTable<VIterator>({
  hasNext: (self) => self.hasNext,
  next: (self) => self.next(),
});

function topmost(loop: VLoop): VLoop {
  let top = loop;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

const ofLoop = methodTable<VLoop>({
  getIndex: (self) => BigInt(self.index),
  getCount: (self) => BigInt(self.index + 1),
  hasNext: (self) => self.hasNext,
  isFirst: (self) => self.index === 0,
  isLast: (self) => !self.hasNext,
  getParent: (self) => self.parent,
  getTopmost: (self) => topmost(self),
});

/** `$foreach` is a map too, of what the template puts in it. */
export const loopMethods: ReadonlyMap<string, Method<VLoop>> = new Map([
  ...Array.from(mapMethods, ([name, method]): [string, Method<VLoop>] => [
    name,
    (self, args, budget) => method(self.own, args, budget),
  ]),
  ...ofLoop,
]);
