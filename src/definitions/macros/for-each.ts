// Fn::ForEach: copies of members for each item of a list (spec/definitions.md §4.4.1).
import { unreachable } from '../../defect.ts';
import { type MapNode, type Member, memberOf, type Node } from '../../tree/node.ts';
import { callOf } from '../evaluate/call.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { plainText, textNode } from '../evaluate/plain-text.ts';
import { type TemplateError, templateError } from '../finding.ts';

const LOOP = 'Fn::ForEach::';
const EXTENSIONS = new Set(['Fn::Length', 'Fn::ToJsonString']);
const POLICIES = new Set(['DeletionPolicy', 'UpdateReplacePolicy']);
const SECTIONS = ['Conditions', 'Resources', 'Outputs'];
const MAX_DEPTH = 5;
/** Values and keys that all copies may have, and characters that items may take in them. */
const MAX_VALUES = 100_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;

interface Loop {
  readonly name: string;
  readonly offset: number;
  readonly path: string;
  readonly identifier: string;
  readonly items: readonly string[];
  readonly body: MapNode;
}

export class Loops {
  /** Where the language extensions are needed first. */
  firstUse: { readonly offset: number; readonly path: string } | undefined;
  readonly #evaluation: Evaluation;
  /** Names of loops, and where each is written. */
  readonly #names = new Map<string, number>();
  /** Of the loops around. */
  readonly #identifiers: string[] = [];
  /** Keys and indexes on the way to what is being looked at. */
  readonly #path: (string | number)[] = [];
  #values = 0;
  #characters = 0;

  /** The evaluation knows no resources. */
  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation;
  }

  /** The template without loops. Throws TemplateError. */
  expanded(root: MapNode): MapNode {
    const members = new Map(root.members);
    for (const section of SECTIONS) {
      const member = members.get(section);
      if (member !== undefined) members.set(section, { ...member, value: this.#step(section, member.value) });
    }
    return { ...root, members };
  }

  #step(step: string | number, node: Node): Node {
    if (node.kind === 'scalar') return node;
    this.#path.push(step);
    const expanded = this.#expand(node);
    this.#path.pop();
    return expanded;
  }

  #expand(node: Node): Node {
    switch (node.kind) {
      case 'scalar':
        return node;
      case 'list': {
        const items = node.items.map((item, index) => this.#step(index, item));
        return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
      }
      case 'map':
        return this.#map(node);
      default:
        return unreachable(node);
    }
  }

  #map(node: MapNode): MapNode {
    const members = new Map<string, Member>();
    let isChanged = false;
    for (const [key, member] of node.members) {
      if (key.startsWith(LOOP)) {
        isChanged = true;
        this.#use(key, member);
        const loop = this.#loop(key, member);
        for (const [copied, copy] of this.#copies(loop)) {
          if (members.has(copied) || node.members.has(copied))
            throw wrong(loop, `a copy has the name ${copied}, which is there already`);
          members.set(copied, copy);
        }
        continue;
      }
      if (this.firstUse === undefined && this.#isExtension(key, member.value)) this.#use(key, member);
      const value = this.#step(key, member.value);
      if (value !== member.value) isChanged = true;
      members.set(key, value === member.value ? member : { ...member, value });
    }
    return isChanged ? { ...node, members } : node;
  }

  #use(key: string, { keyOffset: offset }: Member): void {
    this.firstUse ??= { offset, path: [...this.#path, key].join('.') };
  }

  /** Functions of §4.4, a fourth argument of Fn::FindInMap, and functions as policies of a resource. */
  #isExtension(key: string, value: Node): boolean {
    if (EXTENSIONS.has(key)) return true;
    if (key === 'Fn::FindInMap') return value.kind === 'list' && value.items.length > 3;
    return POLICIES.has(key) && this.#path.length === 2 && callOf(value) !== undefined;
  }

  #loop(key: string, { keyOffset: offset, value }: Member): Loop {
    const path = [...this.#path, key].join('.');
    const name = key.slice(LOOP.length);
    const [first, list, body, ...rest] = value.kind === 'list' ? value.items : [];
    const identifier = plainText(first);
    const place = { name, offset, path };
    const isLoop =
      identifier !== undefined &&
      list !== undefined &&
      body?.kind === 'map' &&
      rest.length === 0 &&
      name !== '';
    if (!isLoop) throw templateError('Fn::ForEach layout is incorrect', { offset, path });
    const written = this.#names.get(name);
    if (written !== undefined && written !== offset)
      throw wrong(place, 'another loop has the name already, which has to be unique in the template');
    this.#names.set(name, offset);
    if (!/^[A-Za-z0-9]+$/.test(identifier))
      throw wrong(place, `the identifier ${identifier} is non alphanumeric`);
    if (this.#evaluation.isParameter(identifier))
      throw wrong(place, `the identifier ${identifier} is the name of a parameter`);
    if (this.#identifiers.includes(identifier))
      throw wrong(place, `the identifier ${identifier} is that of a loop around it`);
    if (this.#identifiers.length >= MAX_DEPTH) throw wrong(place, `loops nest more than ${MAX_DEPTH} deep`);
    return { ...place, identifier, items: this.#items(list, place), body };
  }

  #items(node: Node, place: Pick<Loop, 'name' | 'offset' | 'path'>): readonly string[] {
    const list = this.#evaluation.evaluate(node, { path: place.path });
    const items = list?.kind === 'list' ? list.items.map(plainText) : [undefined];
    if (items.includes(undefined)) throw wrong(place, 'what it goes through is no list of texts');
    return items as readonly string[];
  }

  *#copies(loop: Loop): Generator<readonly [string, Member]> {
    this.#identifiers.push(loop.identifier);
    for (const item of loop.items) {
      this.spend(loop, 1, 0);
      const copy = this.#map(new Copy(this, loop, item).of(loop.body));
      yield* copy.members;
    }
    this.#identifiers.pop();
  }

  /** Counts what copies take. Throws TemplateError when it is too much. */
  spend(loop: Loop, values: number, characters: number): void {
    this.#values += values;
    this.#characters += characters;
    if (this.#values > MAX_VALUES) throw wrong(loop, `copies have more than ${MAX_VALUES} values`);
    if (this.#characters > MAX_CHARACTERS) throw wrong(loop, 'copies have more than 8 MB of text');
  }
}

/** A body with one item in the place of the identifier. */
class Copy {
  readonly #loops: Loops;
  readonly #loop: Loop;
  readonly #item: string;
  readonly #plainItem: string;

  constructor(loops: Loops, loop: Loop, item: string) {
    this.#loops = loops;
    this.#loop = loop;
    this.#item = item;
    this.#plainItem = item.replace(/[^A-Za-z0-9]/g, '');
  }

  of(map: MapNode): MapNode {
    const members = new Map<string, Member>();
    for (const [key, { keyOffset, value }] of map.members) {
      const copied = this.#text(key);
      if (members.has(copied)) throw wrong(this.#loop, `a copy has the key ${copied} twice`);
      members.set(copied, { keyOffset, value: this.#node(value) });
    }
    return { ...map, members };
  }

  #node(node: Node): Node {
    this.#loops.spend(this.#loop, 1, 0);
    switch (node.kind) {
      case 'scalar': {
        if (typeof node.value !== 'string') return node;
        const text = this.#text(node.value);
        return text === node.value ? node : textNode(text, node.offset);
      }
      case 'list':
        return { ...node, items: node.items.map((item) => this.#node(item)) };
      case 'map':
        return this.#isIdentifier(node) ? this.#itemNode(node.offset) : this.of(node);
      default:
        return unreachable(node);
    }
  }

  #isIdentifier(node: MapNode): boolean {
    return callOf(node) !== undefined && plainText(memberOf(node, 'Ref')) === this.#loop.identifier;
  }

  #itemNode(offset: number): Node {
    this.#loops.spend(this.#loop, 0, this.#item.length);
    return textNode(this.#item, offset);
  }

  #text(text: string): string {
    const { identifier } = this.#loop;
    const filled = this.#filled(text, `\${${identifier}}`, this.#item);
    return this.#filled(filled, `&{${identifier}}`, this.#plainItem);
  }

  #filled(text: string, mark: string, item: string): string {
    if (!text.includes(mark)) return text;
    const pieces = text.split(mark);
    this.#loops.spend(this.#loop, 0, text.length + (pieces.length - 1) * item.length);
    return pieces.join(item);
  }
}

function wrong({ name, offset, path }: Pick<Loop, 'name' | 'offset' | 'path'>, text: string): TemplateError {
  return templateError(`${LOOP}${name}: ${text}`, { offset, path });
}
