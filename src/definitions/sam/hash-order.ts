// The order of Python 2.7's hash tables. AWS SAM kept it when it left Python 2.7, for templates whose results depend on it: those with
// REST APIs, and with HTTP APIs that have a default authorizer.
import { entries, get, isList, isMap, isTruthy, stringOf, type Tree, type TreeMap } from './editing.ts';

const MASK = (1n << 64n) - 1n;

/** Python 2.7's hash of text, as 64 bits. */
function hashOf(text: string): bigint {
  if (text === '') return 0n;
  const points = Array.from(text, (each) => BigInt(each.codePointAt(0)!));
  let hash = points[0]! << 7n;
  for (const point of points) hash = ((1000003n * hash) & MASK) ^ point;
  return (hash ^ BigInt(points.length)) & MASK;
}

const SMALLEST = 8;

/** How many slots are looked at for each key: texts may be chosen so that they all meet. */
const AT_MOST = 16;

/** The order in which a hash table of Python 2.7 has keys that were added in the given order; theirs where too many meet. */
export function tableOrder(keys: readonly string[], atFirst = SMALLEST): readonly string[] {
  let slots = new Map<number, string>();
  let size = atFirst;
  let steps = AT_MOST * (keys.length + 4);
  const add = (key: string): void => {
    const hash = hashOf(key);
    const mask = BigInt(size - 1);
    let walker = hash & mask;
    let at = Number(walker);
    for (let perturb = hash; slots.has(at) && steps > 0; perturb >>= 5n, steps--) {
      walker = ((walker << 2n) + walker + perturb + 1n) & MASK;
      at = Number(walker & mask);
    }
    slots.set(at, key);
  };
  for (const key of keys) {
    add(key);
    if (slots.size * 3 < size * 2) continue;
    const before = inOrder(slots);
    while (size <= before.length * growth(before.length)) size *= 2;
    slots = new Map();
    for (const each of before) add(each);
  }
  return steps > 0 ? inOrder(slots) : keys;
}

function growth(length: number): number {
  return length > 50_000 ? 2 : 4;
}

/** The order after a map was updated with `added` of its own members: the table grows as if they were new. */
export function reorderAsUpdated(map: TreeMap, added: number): void {
  const wanted = map.members.size + added;
  let size = SMALLEST;
  for (let filled = 1; filled <= map.members.size; filled++) {
    if (filled * 3 >= size * 2) while (size <= filled * growth(filled)) size *= 2;
  }
  if (wanted * 3 < size * 2) return;
  size = SMALLEST;
  while (size <= wanted * 2) size *= 2;
  reorder(map, size);
}

function inOrder(slots: ReadonlyMap<number, string>): string[] {
  return [...slots].sort(([one], [other]) => one - other).map(([, key]) => key);
}

/** Puts resources, events and properties of APIs into the order in which AWS SAM goes through them: which of several faults is told
 * depends on it. Returns whether it does so. */
export function takeHashOrder(resources: TreeMap, globals: Tree | undefined): boolean {
  if (!dependsOnOrder(resources, globals)) return false;
  reorder(resources);
  for (const [, resource] of entries(resources)) {
    const properties = get(resource, 'Properties');
    if (['Api', 'HttpApi'].some((name) => isOfType(resource, name))) reorderAll(properties);
    if (['Function', 'StateMachine'].some((name) => isOfType(resource, name))) {
      reorderAll(get(properties, 'Events'));
    }
  }
  return true;
}

function reorderAll(tree: Tree | undefined): void {
  if (isList(tree)) for (const item of tree.items) reorderAll(item);
  if (!isMap(tree)) return;
  reorder(tree);
  for (const { value } of tree.members.values()) reorderAll(value);
}

function isOfType(resource: Tree, name: string): boolean {
  return stringOf(get(resource, 'Type')) === `AWS::Serverless::${name}`;
}

function dependsOnOrder(resources: TreeMap, globals: Tree | undefined): boolean {
  const hasDefault = (properties: Tree | undefined): boolean =>
    isTruthy(get(get(properties, 'Auth'), 'DefaultAuthorizer'));
  const isGlobal = hasDefault(get(globals, 'HttpApi'));
  return entries(resources).some(([, resource]) => {
    const properties = get(resource, 'Properties');
    if (isOfType(resource, 'Api')) return true;
    if (isOfType(resource, 'HttpApi')) return isGlobal || hasDefault(properties);
    const types = entries(get(properties, 'Events')).map(([, event]) => stringOf(get(event, 'Type')));
    const isFunction = isOfType(resource, 'Function');
    if (isFunction && isGlobal && types.includes('HttpApi')) return true;
    return (isFunction || isOfType(resource, 'StateMachine')) && types.includes('Api');
  });
}

function reorder(map: TreeMap, size?: number): void {
  const members = new Map(map.members);
  map.members.clear();
  for (const key of tableOrder([...members.keys()], size)) map.members.set(key, members.get(key)!);
}
