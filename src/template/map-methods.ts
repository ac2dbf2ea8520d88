// Methods of maps, as Java's have them (spec/websocket-api.md §5.5).
import { sameValue } from './compare.ts';
import { hashOf } from './hash-code.ts';
import { checkSize } from './list-methods.ts';
import { type Method, methodTable, taking, takingNone } from './method.ts';
import { paidText } from './print-value.ts';
import { type Key, TemplateError, type Value, VChar, VDecimal, VMap, VView } from './values.ts';

export const mapMethods: ReadonlyMap<string, Method<VMap>> = methodTable<VMap>({
  size: (self) => BigInt(self.entries.size),
  isEmpty: (self) => self.entries.size === 0,
  toString: takingNone((self: VMap, _args, budget) => paidText(self, budget)),
  hashCode: takingNone((self, _args, budget) => hashOf(self, budget)),
  equals: taking(1, (self, [other], budget) => sameValue(self, other, budget)),
  get: taking(1, (self, [key]) => found(self, key)),
  getOrDefault: taking(2, (self, [key, other]) => found(self, key) ?? other),
  put: taking(2, (self, [key, value]) => putInto(self, key!, value!)),
  putIfAbsent: taking(2, (self, [key, value]) => {
    const before = found(self, key);
    if (before === undefined || before === null) putInto(self, key!, value!);
    return before;
  }),
  putAll: taking(1, (self, [other], budget) => {
    if (!(other instanceof VMap)) return undefined;
    budget.spend(other.entries.size);
    for (const [key, value] of [...other.entries]) putInto(self, key, value);
    return undefined;
  }),
  replace: (self, [key, first, second], budget) => {
    const before = found(self, key);
    if (first === undefined) return undefined;
    if (second === undefined) return before === undefined ? undefined : putInto(self, key!, first);
    const isHere = before !== undefined && sameValue(before, first, budget);
    if (isHere) putInto(self, key!, second);
    return isHere;
  },
  containsKey: taking(1, (self, [key]) => found(self, key) !== undefined),
  containsValue: taking(1, (self, [value], budget) =>
    [...self.entries.values()].some((each) => sameValue(each, value, budget)),
  ),
  keySet: takingNone((self, _args, budget) => view(self, 'keys', budget)),
  values: takingNone((self, _args, budget) => view(self, 'values', budget)),
  entrySet: takingNone((self, _args, budget) => view(self, 'entries', budget)),
  remove: (self, [key, value], budget) => {
    const before = found(self, key);
    if (value === undefined) {
      removeFrom(self, key!);
      return before;
    }
    const isHere = before !== undefined && sameValue(before, value, budget);
    if (isHere) removeFrom(self, key!);
    return isHere;
  },
  clear: (self) => {
    self.changes++;
    self.entries.clear();
    return undefined;
  },
});

/** The key that a value is; undefined for one that no map has here. */
export function keyOf(value: Value | undefined): Key | undefined {
  switch (typeof value) {
    case 'string':
    case 'bigint':
    case 'number':
    case 'boolean':
      return value;
    default:
      if (value === null) return '';
      return value instanceof VDecimal || value instanceof VChar ? value.text : undefined;
  }
}

/** Puts an entry in place. Returns the former value. Throws TemplateError for a list or map as key. */
export function putInto(map: VMap, key: Value, value: Value): Value | undefined {
  const name = keyOf(key);
  if (name === undefined) throw new TemplateError('The key of a map is a text, a number or true or false');
  const before = map.entries.get(name);
  if (before === undefined) map.changes++;
  map.entries.set(name, value);
  checkSize(map.entries.size);
  return before;
}

export function removeFrom(map: VMap, key: Value): void {
  const name = keyOf(key);
  if (name !== undefined && map.entries.delete(name)) map.changes++;
}

/** A map that a template writes. */
export function mapOf(entries: readonly (readonly [Value, Value])[]): VMap {
  const map = new VMap(new Map(), 'java');
  for (const [key, value] of entries) putInto(map, key, value);
  return map;
}

function found(map: VMap, key: Value | undefined): Value | undefined {
  const name = keyOf(key);
  return name === undefined ? undefined : map.entries.get(name);
}

function view(map: VMap, of: VView['of'], budget: { spend(steps: number): void }): VView {
  budget.spend(map.entries.size);
  return new VView(map, of);
}
