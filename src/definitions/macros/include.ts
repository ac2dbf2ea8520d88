// AWS::Include and other calls of macros inside of a tree (spec/definitions.md §2.3).
import { type MapNode, type Member, memberOf, type Node } from '../../tree/node.ts';
import type { SourceText } from '../deploy-request.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { plainText } from '../evaluate/plain-text.ts';
import { type Finding, templateError } from '../finding.ts';
import { MAX_TEMPLATE, readTemplate } from '../read-template.ts';
import type { Sources } from '../sources.ts';
import { isKnownMacro, isWithoutEffect, noTransform, withoutEffect } from './known-macros.ts';

const INCLUDE = 'AWS::Include';
const CALL = 'Fn::Transform';
/** Files that include one another. */
const MAX_DEPTH = 10;
/** Maps and lists in one another, to where something is included. */
const MAX_STEPS = 200;

export interface IncludeMeans {
  /** The text at a location that a text names. Undefined when somebody has to be asked for it: what is there is left out for now.
   *  A text says why there is none. */
  include(location: string, from: SourceText): SourceText | string | undefined;
  readonly account: string;
}

export class Includes {
  readonly findings: Finding[] = [];
  readonly #sources: Sources;
  readonly #means: IncludeMeans;
  /** Knows parameters and nothing else. */
  readonly #evaluation: () => Evaluation;
  readonly #read = new Map<SourceText, MapNode>();
  /** Of all that is included, each time. */
  #characters: number;
  #depth = 0;

  constructor(template: SourceText, sources: Sources, means: IncludeMeans, evaluation: () => Evaluation) {
    this.#characters = template.text.length;
    this.#sources = sources;
    this.#means = means;
    this.#evaluation = evaluation;
  }

  /** The tree without calls of macros, the innermost done first. Throws TemplateError. */
  expanded<N extends Node>(node: N, from: SourceText): N | MapNode {
    return mentionsCalls(from) ? (this.#expanded(node, from, []) as N | MapNode) : node;
  }

  /** The map with what `call`, `{ Name: AWS::Include, Parameters: … }`, includes over its members. */
  merged(map: MapNode, call: Node, from: SourceText): MapNode {
    return over(map, this.#called(call, from, ['Transform']));
  }

  #expanded(node: Node, from: SourceText, path: readonly string[]): Node {
    if (node.kind === 'scalar') return node;
    if (node.kind === 'list') {
      const items = node.items.map((item, index) => this.#expanded(item, from, [...path, String(index)]));
      return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
    }
    const members = new Map<string, Member>();
    let isChanged = false;
    for (const [key, member] of node.members) {
      const value = this.#expanded(member.value, from, [...path, key]);
      if (value !== member.value) isChanged = true;
      members.set(key, value === member.value ? member : { ...member, value });
    }
    const call = members.get(CALL);
    if (call === undefined) return isChanged ? { ...node, members } : node;
    members.delete(CALL);
    const calls = call.value.kind === 'list' ? call.value.items : [call.value];
    return calls.reduce<MapNode>((map, each) => over(map, this.#called(each, from, path)), {
      ...node,
      members,
    });
  }

  #called(call: Node, from: SourceText, steps: readonly string[]): MapNode {
    const { offset } = call;
    const path = steps.join('.');
    const name = plainText(call.kind === 'map' ? memberOf(call, 'Name') : call);
    const nothing: MapNode = { kind: 'map', offset, members: new Map() };
    if (name !== INCLUDE) {
      if (name === undefined || !isKnownMacro(name))
        throw templateError(noTransform(name ?? '', this.#means.account), { offset, path });
      if (!isWithoutEffect(name))
        throw templateError(`${name} stands in the Transform of the template and nowhere else`, {
          offset,
          path,
        });
      this.findings.push({ ...withoutEffect(name), offset, path });
      return nothing;
    }
    const location = this.#location(call, path);
    const included = this.#means.include(location, from);
    if (included === undefined) return nothing;
    if (typeof included === 'string') throw templateError(noFile(location, included), { offset, path });
    this.#characters += included.text.length;
    if (this.#characters > MAX_TEMPLATE)
      throw templateError('With all that it includes the template is larger than 8 MB', { offset, path });
    if (steps.length > MAX_STEPS)
      throw templateError(`AWS::Include: what is included is nested more than ${MAX_STEPS} deep`, {
        offset,
        path,
      });
    if (++this.#depth > MAX_DEPTH)
      throw templateError(`AWS::Include: files include each other more than ${MAX_DEPTH} deep`, {
        offset,
        path,
      });
    const root = this.#read.get(included) ?? readTemplate(included, this.#sources);
    this.#read.set(included, root);
    const expanded = mentionsCalls(included) ? (this.#expanded(root, included, steps) as MapNode) : root;
    this.#depth--;
    return expanded;
  }

  #location(call: Node, path: string): string {
    const node = memberOf(memberOf(call, 'Parameters'), 'Location');
    const location = node && this.#evaluation().text(node, { path });
    if (location !== undefined) return location;
    throw templateError('AWS::Include needs the parameter Location', { offset: call.offset, path });
  }
}

function noFile(location: string, reason: string): string {
  return /does not exist\.?$/.test(reason)
    ? `Parameter Location of resource AWS::Include refers to a file or folder that does not exist ${location}`
    : `AWS::Include: ${reason}`;
}

/** Most texts call no macro, and need no walk. A name may be written with escapes, in JSON and in quotes of YAML. */
function mentionsCalls({ text }: SourceText): boolean {
  return text.includes('Transform') || text.includes('\\');
}

/** The members of both maps; those of `upper` win. */
function over(lower: MapNode, upper: MapNode): MapNode {
  if (lower.members.size === 0) return upper;
  return { ...lower, members: new Map([...lower.members, ...upper.members]) };
}
