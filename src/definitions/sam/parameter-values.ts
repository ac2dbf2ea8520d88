// Values of parameters where the expansion needs them, put in for `Ref` and in `Fn::Sub` (spec/definitions.md §8.2.6).
import { memberOf, type Node, textOf } from '../../tree/node.ts';
import { copied, get, isList, isMap, made, set, stringOf, type Tree } from './editing.ts';
import { invalidStructure } from './invalid.ts';
import { pythonStr } from './python-text.ts';

/** Names in `${…}` of `Fn::Sub` that the expansion looks at. */
const VARIABLE = /\$\{([A-Za-z0-9.]+|AWS::[A-Z][A-Za-z]*)\}/g;

export class ParameterValues {
  readonly #values: ReadonlyMap<string, string | readonly string[]>;
  readonly #declared: Node | undefined;
  readonly #mappings: Node | undefined;

  /**
   * @param values by name, `AWS::Region` and `AWS::Partition` among them
   * @param root the template: a value that is the default of its parameter keeps the default's kind
   */
  constructor(values: ReadonlyMap<string, string | readonly string[]>, root: Node) {
    this.#values = values;
    this.#declared = memberOf(root, 'Parameters');
    this.#mappings = memberOf(root, 'Mappings');
  }

  /** The tree with the values of parameters; undefined for undefined. What is no parameter stays. */
  resolved<T extends Tree | undefined>(tree: T): T extends undefined ? undefined : Tree;
  resolved(tree: Tree | undefined): Tree | undefined {
    return tree === undefined ? undefined : this.#resolved(tree);
  }

  /** The same, with `Fn::FindInMap` of the template's mappings too. */
  resolvedWithMappings(tree: Tree | undefined): Tree | undefined {
    return tree === undefined ? undefined : this.#found(this.#resolved(tree));
  }

  #resolved(tree: Tree): Tree {
    if (isList(tree)) return { ...tree, items: tree.items.map((item) => this.#resolved(item)) };
    if (!isMap(tree)) return tree;
    if (tree.members.size === 1) {
      const name = stringOf(get(tree, 'Ref'));
      const value = name === undefined ? undefined : this.#valueAt(name, tree.offset);
      if (value !== undefined) return value;
    }
    const whole: Tree = { ...tree, members: new Map() };
    for (const [key, { value }] of tree.members) {
      set(
        whole,
        key,
        this.#resolved(key === 'Fn::Sub' && tree.members.size === 1 ? this.#substituted(value) : value),
      );
    }
    return whole;
  }

  #valueAt(name: string, offset: number): Tree | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const byDefault = memberOf(memberOf(this.#declared, name), 'Default');
    if (byDefault !== undefined && textOf(byDefault) === value) return { ...copied(byDefault), offset };
    return made(offset, value);
  }

  #substituted(argument: Tree): Tree {
    const text = stringOf(argument);
    if (text !== undefined) return made(argument.offset, this.#withValues(text, argument));
    if (!isList(argument)) return argument;
    const [first, ...others] = argument.items;
    const pattern = stringOf(first);
    if (pattern === undefined) return argument;
    return { ...argument, items: [made(first!.offset, this.#withValues(pattern, first!)), ...others] };
  }

  #withValues(text: string, at: Tree): string {
    return text.replaceAll(VARIABLE, (whole, name: string) => {
      const value = this.#values.get(name);
      if (value === undefined) return whole;
      if (typeof value === 'string') return value;
      throw invalidStructure(
        `Invalid Fn::Sub variable value ${pythonStr(made(at.offset, value))}. Fn::Sub expects all variables to be strings.`,
        at,
      );
    });
  }

  #found(tree: Tree): Tree {
    if (isList(tree)) return { ...tree, items: tree.items.map((item) => this.#found(item)) };
    if (!isMap(tree)) return tree;
    const whole: Tree = { ...tree, members: new Map() };
    for (const [key, { value }] of tree.members) set(whole, key, this.#found(value));
    const path = tree.members.size === 1 ? get(whole, 'Fn::FindInMap') : undefined;
    if (path === undefined) return whole;
    if (!isList(path) || path.items.length !== 3) {
      throw invalidStructure(
        `Invalid FindInMap value ${pythonStr(path)}. FindInMap expects an array with 3 values.`,
        path,
      );
    }
    let at = this.#mappings;
    for (const key of path.items) at = memberOf(at, stringOf(key) ?? '');
    return at === undefined ? whole : copied(at);
  }
}
