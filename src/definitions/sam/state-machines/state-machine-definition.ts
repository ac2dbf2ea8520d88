// The definition of a state machine as text: functions inside become substitutions.
import { get, isList, isMap, made, madeMap, set, stringOf, type Tree, type TreeMap } from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { asciiJson } from '../python-text.ts';

/** A dynamic reference that is all of a text. */
const DYNAMIC = /^\{\{resolve:[a-z-]+:.+\}\}$/;

/** The definition with `${definition_substitution_1}` …, and what they stand for. In the order of sorted keys. */
export function withSubstitutions(definition: Tree): { tree: Tree; substitutions: TreeMap } {
  const substitutions = madeMap(definition.offset, {});
  const replaced = (tree: Tree): Tree => {
    if (isIntrinsic(tree) || DYNAMIC.test(stringOf(tree) ?? '')) {
      const name = `definition_substitution_${substitutions.members.size + 1}`;
      set(substitutions, name, tree);
      return made(tree.offset, `\${${name}}`);
    }
    return inside(tree);
  };
  const inside = (tree: Tree): Tree => {
    if (isList(tree)) return { ...tree, items: tree.items.map(replaced) };
    if (!isMap(tree)) return tree;
    const whole = madeMap(tree.offset, {});
    for (const key of [...tree.members.keys()].sort()) {
      const value = get(tree, key);
      set(whole, key, value === undefined ? tree.members.get(key)!.value : replaced(value));
    }
    return whole;
  };
  return { tree: inside(definition), substitutions };
}

/** JSON with sorted keys and an indent of four, as AWS SAM writes it. */
export function definitionString(tree: Tree): string {
  return asciiJson(JSON.stringify(plain(tree), undefined, 4));
}

function plain(tree: Tree): unknown {
  if (isList(tree)) return tree.items.map(plain);
  if (!isMap(tree)) return tree.value;
  const keys = [...tree.members.keys()].sort();
  return Object.fromEntries(keys.map((key) => [key, plain(tree.members.get(key)!.value)]));
}
