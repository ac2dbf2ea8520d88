// The tree of what the YAML library has composed: aliases are what they stand for, merge keys are merged, no key is there twice.
import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type Node as YamlNode } from 'yaml';
import { Extent, MAX_DEPTH, type TextRules, tooDeep, unusable } from './bounds.ts';
import type { MapNode, Member, Node } from './node.ts';
import { repeatedKey } from './read-json.ts';
import { type ScalarType, scalarOf } from './scalar.ts';

/** What an alias stands for, and what it takes written out. */
interface Anchored {
  readonly node: Node;
  readonly values: number;
  readonly size: number;
  /** Maps and lists in one another, itself among them. */
  readonly height: number;
}

const STANDARD_TAGS = new Set([
  '!',
  ...['map', 'seq', 'str', 'int', 'float', 'bool', 'null'].map((name) => `tag:yaml.org,2002:${name}`),
]);

/** Members by merge keys, of a whole document: a short one could have many times more of them than it has values. */
const MAX_INHERITED = 50_000;

export class YamlTree {
  readonly #text: string;
  readonly #rules: TextRules;
  readonly #extent: Extent;
  /** By name; the latest counts. Undefined while its node is being built. */
  readonly #anchors = new Map<string, Anchored | undefined>();
  /** How deep what was built since this was set has been. */
  #reached = 0;
  #inheritedMembers = 0;

  constructor(text: string, rules: TextRules) {
    this.#text = text;
    this.#rules = rules;
    this.#extent = new Extent(text.length, rules);
  }

  /** Throws TextError. */
  of(root: YamlNode): Node {
    return this.#build(root, 0);
  }

  #build(node: YamlNode, depth: number): Node {
    if (isAlias(node)) return this.#stoodFor(node.source, offsetOf(node), depth).node;
    const { anchor } = node;
    if (anchor === undefined) return this.#value(node, depth);
    const { values, size } = this.#extent;
    const reached = this.#reached;
    this.#anchors.set(anchor, undefined);
    this.#reached = depth;
    const built = this.#value(node, depth);
    this.#anchors.set(anchor, {
      node: built,
      values: this.#extent.values - values,
      size: this.#extent.size - size + lengthOf(node),
      height: this.#reached - depth,
    });
    this.#reached = Math.max(this.#reached, reached);
    return built;
  }

  #stoodFor(name: string, offset: number, depth: number): Anchored {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined)
      throw unusable(
        offset,
        this.#anchors.has(name)
          ? `the alias *${name} stands for something that it is part of`
          : `the alias *${name} stands for nothing: no anchor &${name} is before it`,
      );
    this.#extent.addAliased(anchored.values, anchored.size, offset);
    this.#reach(depth + anchored.height, offset);
    return anchored;
  }

  #value(node: YamlNode, depth: number): Node {
    const offset = offsetOf(node);
    this.#extent.add(1, 0, offset);
    if (isAlias(node)) throw unusable(offset, 'an alias with an anchor');
    const { tag } = node;
    if (tag === undefined || STANDARD_TAGS.has(tag)) return this.#untagged(node, offset, depth);
    // What a tag stands for is one map around the value.
    this.#reach(depth + 1, offset);
    const value = this.#untagged(node, offset, depth + 1);
    const tagged = this.#rules.tagged(tag, value);
    if (tagged === undefined) throw unusable(offset, `the tag ${tag}: tags of one's own mean nothing here`);
    return tagged;
  }

  #untagged(node: YamlNode, offset: number, depth: number): Node {
    if (isScalar(node)) return this.#scalar(node, offset);
    this.#reach(depth + 1, offset);
    if (isMap(node)) return this.#map(node as YAMLMap<YamlNode, YamlNode | null>, offset, depth + 1);
    const items = isSeq(node) ? (node.items as readonly YamlNode[]) : [];
    return { kind: 'list', offset, items: items.map((item) => this.#build(item, depth + 1)) };
  }

  #reach(depth: number, offset: number): void {
    if (depth > MAX_DEPTH) throw tooDeep(offset);
    if (depth > this.#reached) this.#reached = depth;
  }

  #scalar({ value, source, type: style }: Scalar, offset: number): Node {
    if (typeof value === 'string') {
      const truth = style === 'PLAIN' ? this.#rules.truths?.get(value) : undefined;
      return truth === undefined
        ? scalarOf('string', value, offset)
        : { kind: 'scalar', offset, value: truth, text: value };
    }
    const text = source ?? '';
    const type: ScalarType = value === null ? 'null' : typeof value === 'boolean' ? 'boolean' : 'number';
    return scalarOf(type, text, offset);
  }

  /** Explicit keys win over merged ones, wherever they stand, and of merged ones the first. */
  #map(map: YAMLMap<YamlNode, YamlNode | null>, offset: number, depth: number): MapNode {
    const members = new Map<string, Member>();
    const merged = new Set<string>();
    for (const { key, value } of map.items) {
      const keyOffset = offsetOf(key);
      const name = isMergeKey(key) ? undefined : this.#key(key, keyOffset);
      const built = value === null ? scalarOf('null', '', keyOffset) : this.#build(value, depth);
      if (name === undefined) {
        for (const [inherited, member] of this.#inherited(built, keyOffset)) {
          if (members.has(inherited)) continue;
          members.set(inherited, member);
          merged.add(inherited);
        }
        continue;
      }
      const before = members.get(name);
      if (before !== undefined && !merged.delete(name))
        throw repeatedKey(this.#text, name, keyOffset, before.keyOffset);
      members.set(name, { keyOffset, value: built });
    }
    return { kind: 'map', offset, members };
  }

  /** The members of the maps that a merge key has as its value. */
  #inherited(value: Node, offset: number): readonly (readonly [string, Member])[] {
    const members = mapsOf(value).flatMap((map) => [...map.members]);
    this.#inheritedMembers += members.length;
    if (this.#inheritedMembers > MAX_INHERITED)
      throw unusable(offset, `merge keys stand for more than ${MAX_INHERITED} members`);
    return members;
  }

  /** Keys are text: `200` and `true` as they are written. */
  #key(key: YamlNode, offset: number): string {
    const built = this.#build(key, 0);
    if (built.kind !== 'scalar') throw unusable(offset, `a key is a ${built.kind} and no text`);
    return built.text;
  }
}

function isMergeKey(key: YamlNode): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.value === '<<';
}

/** The maps that a merge key names. */
function mapsOf(node: Node): readonly MapNode[] {
  if (node.kind === 'map') return [node];
  const maps = node.kind === 'list' ? node.items.filter((item) => item.kind === 'map') : [];
  if (node.kind === 'scalar' || maps.length < node.items.length)
    throw unusable(node.offset, 'the value of the merge key << is no map and no list of maps');
  return maps;
}

function offsetOf(node: YamlNode): number {
  return node.range![0];
}

function lengthOf(node: YamlNode): number {
  return node.range![1] - node.range![0];
}
