// Functions in trees, as far as the expansion looks at them and makes them. It evaluates none: conditions stay `Fn::If`.
import {
  get,
  isList,
  isMap,
  type Plain,
  type PlainMap,
  stringOf,
  type Tree,
  type TreeMap,
} from './editing.ts';

const NO_VALUE = { Ref: 'AWS::NoValue' } as const;

export function ref(logicalId: string): PlainMap {
  return { Ref: logicalId };
}

export function getAtt(logicalId: string, attribute: string): PlainMap {
  return { 'Fn::GetAtt': [logicalId, attribute] };
}

export function sub(text: string, variables?: PlainMap): PlainMap {
  return { 'Fn::Sub': variables === undefined ? text : [text, variables] };
}

/** `whole` under the condition, else nothing. */
export function onlyIf(condition: Plain, whole: Plain): PlainMap {
  return { 'Fn::If': [condition, whole, NO_VALUE] };
}

/** The name of the function that a map is: `Ref`, `Condition`, `Fn::…`. Undefined for other maps, and for all else. */
function functionOf(tree: Tree | undefined): string | undefined {
  if (!isMap(tree) || tree.members.size !== 1) return undefined;
  const [name] = tree.members.keys();
  return name === 'Ref' || name === 'Condition' || name!.startsWith('Fn::') ? name : undefined;
}

export function isIntrinsic(tree: Tree | undefined): boolean {
  return functionOf(tree) !== undefined;
}

export function isNoValue(tree: Tree | undefined): boolean {
  return functionOf(tree) === 'Ref' && stringOf(get(tree, 'Ref')) === 'AWS::NoValue';
}

/** The three arguments of `Fn::If`; undefined where they are not three. */
export function ifArguments(tree: Tree): [Tree, Tree, Tree] | undefined {
  const items = get(tree, 'Fn::If');
  return isList(items) && items.items.length === 3 ? (items.items as [Tree, Tree, Tree]) : undefined;
}

/** What a map refers to: the target of `Ref`, or the resource of `Fn::GetAtt`. */
export function logicalIdOf(tree: Tree | undefined): string | undefined {
  if (!isIntrinsic(tree)) return undefined;
  const target = stringOf(get(tree, 'Ref'));
  if (target !== undefined) return target;
  const attribute = get(tree, 'Fn::GetAtt');
  if (isList(attribute)) return attribute.items.length === 2 ? stringOf(attribute.items[0]) : undefined;
  const parts = stringOf(attribute)?.split('.');
  return parts?.length === 2 ? parts[0] : undefined;
}

/** The target of a `Ref`, or the text itself: how events and connectors name what they belong to. */
export function referredTo(tree: Tree | undefined): Tree | undefined {
  return (isMap(tree) && get(tree, 'Ref')) || tree;
}

/** Python's view of a map with exactly one member: its type is not checked, for it may be a function. */
export function mayBeFunction(tree: Tree | undefined): tree is TreeMap {
  return isMap(tree) && tree.members.size === 1;
}
