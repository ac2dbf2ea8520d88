// Properties, elements and methods of values (spec/websocket-api.md §5.2.7, §5.5). Nothing reflective is there.
import { indexIn, listMethods } from './list-methods.ts';
import { keyOf, mapMethods, putInto } from './map-methods.ts';
import type { Method } from './method.ts';
import { entryMethods, iteratorMethods, loopMethods, viewMethods } from './other-methods.ts';
import { booleanMethods, characterMethods, decimalMethods, integerMethods } from './scalar-methods.ts';
import { stringMethods } from './string-methods.ts';
import {
  type Budget,
  TemplateError,
  type Value,
  VChar,
  VDecimal,
  VEntry,
  VIterator,
  VList,
  VLoop,
  VMap,
  VTool,
  VView,
} from './values.ts';

/** `value.name`: a map's entry, or what `getName()` or `isName()` gives. */
export function propertyOf(value: Value, name: string, budget: Budget): Value | undefined {
  if (value instanceof VMap) return value.entries.get(name) ?? undefined;
  if (value instanceof VTool) return value.property(name);
  if (value instanceof VLoop) {
    const own = value.own.entries.get(name);
    if (own !== undefined) return own;
    if (name === 'hasNext') return value.hasNext;
  }
  const methods = methodsOf(value);
  const capital = name[0]!.toUpperCase() + name.slice(1);
  const method = methods?.get(`get${capital}`) ?? methods?.get(`is${capital}`);
  return method?.(value, [], budget);
}

/** `value[index]`: below zero from the end. Throws TemplateError outside of a list. */
export function elementOf(value: Value, index: Value): Value | undefined {
  if (value instanceof VList)
    return typeof index === 'bigint' ? value.items[fromEnd(value, index)] : undefined;
  if (!(value instanceof VMap)) {
    if (typeof index === 'bigint' && index < 0n)
      throw new TemplateError('An index below 0 needs a list or map to count from the end of');
    return undefined;
  }
  const size = BigInt(value.entries.size);
  const key = keyOf(typeof index === 'bigint' && index < 0n ? index + size : index);
  return key === undefined ? undefined : value.entries.get(key);
}

function fromEnd(list: VList, index: bigint): number {
  return indexIn(list, index < 0n ? index + BigInt(list.items.length) : index);
}

/** `value.name(args)`; undefined for a method that is not there. */
export function callMethod(
  value: Value,
  name: string,
  args: readonly Value[],
  budget: Budget,
): Value | undefined {
  // Most methods look at all of a text.
  budget.spend(1 + (typeof value === 'string' ? value.length >> 4 : 0));
  if (value instanceof VTool) return value.call(name, args);
  return methodsOf(value)?.get(name)?.(value, args, budget);
}

/** `#set` of a property or element. What has none takes none. */
export function assignTo(value: Value, key: Value, item: Value): void {
  if (value instanceof VMap) putInto(value, key, item);
  else if (value instanceof VLoop) putInto(value.own, key, item);
  else if (value instanceof VList && typeof key === 'bigint') value.items[fromEnd(value, key)] = item;
}

type Methods = ReadonlyMap<string, Method<Value>>;

function methodsOf(value: Value): Methods | undefined {
  if (typeof value === 'string') return stringMethods as Methods;
  if (typeof value === 'bigint') return integerMethods(value) as Methods;
  if (typeof value === 'number' || value instanceof VDecimal) return decimalMethods as Methods;
  if (typeof value === 'boolean') return booleanMethods as Methods;
  if (value instanceof VList) return listMethods as Methods;
  if (value instanceof VMap) return mapMethods as Methods;
  if (value instanceof VView) return viewMethods as Methods;
  if (value instanceof VEntry) return entryMethods as Methods;
  if (value instanceof VChar) return characterMethods as Methods;
  if (value instanceof VIterator) return iteratorMethods as Methods;
  return value instanceof VLoop ? (loopMethods as Methods) : undefined;
}
