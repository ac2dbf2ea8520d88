// What a tree refers to (spec/definitions.md §2.2.3): names of parameters and resources in Ref, Fn::GetAtt and Fn::Sub. Of Fn::If only
// the branch that is taken counts (§3.3.3).
import { unreachable } from '../defect.ts';
import { memberOf, type Node } from '../tree/node.ts';
import { argumentsOf, type Call, callOf } from './evaluate/call.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { plainText } from './evaluate/plain-text.ts';
import { parseSub, splitName } from './evaluate/sub-text.ts';
import { isFunction } from './evaluate/unsupported.ts';

export interface Reference {
  readonly id: string;
  /** Undefined for a Ref. */
  readonly attribute: string | undefined;
  readonly offset: number;
  /** `Resources.ListRoute.Properties.Target` */
  readonly path: string;
}

export interface StrangeCall {
  readonly name: string;
  readonly offset: number;
  readonly path: string;
}

export interface Found {
  /** To resources, whether the template has them or not. */
  readonly references: readonly Reference[];
  /** Calls of what is no function. */
  readonly strangeCalls: readonly StrangeCall[];
}

/** The logical ids that a tree refers to, each once. Throws TemplateError for a condition that is not there. */
export function referencesOf(node: Node, evaluation: Evaluation): ReadonlySet<string> {
  return new Set(foundIn(node, evaluation, '').references.map(({ id }) => id));
}

/** Throws TemplateError for a condition that is not there. */
export function foundIn(node: Node, evaluation: Evaluation, path: string, logicalId?: string): Found {
  const walk = new ReferenceWalk(evaluation, path, logicalId);
  walk.visit(node);
  return walk;
}

class ReferenceWalk implements Found {
  readonly references: Reference[] = [];
  readonly strangeCalls: StrangeCall[] = [];
  readonly #evaluation: Evaluation;
  readonly #path: (string | number)[];
  readonly #logicalId: string | undefined;
  #inCalls = 0;

  constructor(evaluation: Evaluation, path: string, logicalId: string | undefined) {
    this.#evaluation = evaluation;
    this.#path = [path];
    this.#logicalId = logicalId;
  }

  visit(node: Node): void {
    switch (node.kind) {
      case 'scalar':
        return;
      case 'list':
        for (const [index, item] of node.items.entries()) this.#step(index, item);
        return;
      case 'map': {
        const call = callOf(node);
        if (call === undefined) for (const [key, { value }] of node.members) this.#step(key, value);
        else this.#call(call);
        return;
      }
      default:
        unreachable(node);
    }
  }

  #step(step: string | number, node: Node): void {
    if (node.kind === 'scalar') return;
    if (this.#inCalls > 0) {
      this.visit(node);
      return;
    }
    this.#path.push(step);
    this.visit(node);
    this.#path.pop();
  }

  #call(call: Call): void {
    const { name, offset } = call;
    if (!isFunction(name)) this.strangeCalls.push({ name, offset, path: this.#path.join('.') });
    this.#inCalls++;
    switch (call.name) {
      case 'Ref':
        this.#named(call.argument, undefined, call.offset);
        this.visit(call.argument);
        break;
      case 'Fn::GetAtt':
        this.#getAtt(call);
        break;
      case 'Fn::Sub':
        this.#sub(call);
        break;
      case 'Fn::If':
        this.#if(call);
        break;
      default:
        this.visit(call.argument);
    }
    this.#inCalls--;
  }

  #getAtt(call: Call): void {
    const [id, attribute] = argumentsOf(call);
    if (id === undefined) {
      const name = splitName(plainText(call.argument) ?? '');
      if (name.attribute !== undefined) this.#refer(name.id, name.attribute, call.offset);
      return;
    }
    this.#named(id, plainText(attribute) ?? '', call.offset);
    this.visit(call.argument);
  }

  /** The name may be made by functions without resources. */
  #named(node: Node, attribute: string | undefined, offset: number): void {
    const id =
      plainText(node) ?? (node.kind === 'map' ? this.#evaluation.text(node, this.#where()) : undefined);
    if (id !== undefined) this.#refer(id, attribute, offset);
  }

  #sub(call: Call): void {
    const items = call.argument.kind === 'list' ? call.argument.items : [call.argument];
    const [text, variables] = items;
    for (const part of parseSub(plainText(text) ?? '') ?? []) {
      if (!('name' in part) || memberOf(variables, part.name) !== undefined) continue;
      const { id, attribute } = splitName(part.name);
      this.#refer(id, attribute, call.offset);
    }
    if (variables !== undefined) this.visit(variables);
  }

  #if(call: Call): void {
    const [name, then, otherwise] = argumentsOf(call);
    const condition = plainText(name);
    if (then === undefined || otherwise === undefined) return;
    const holds =
      condition === undefined
        ? this.#evaluation.holds(name!, this.#where())
        : this.#evaluation.condition(condition, this.#where(), call.offset);
    this.visit(holds ? then : otherwise);
  }

  #refer(id: string, attribute: string | undefined, offset: number): void {
    if (attribute === undefined && this.#evaluation.isParameter(id)) return;
    this.references.push({ id, attribute, offset, path: this.#path.join('.') });
  }

  #where(): { readonly path: string; readonly logicalId: string | undefined } {
    return { path: this.#path.join('.'), logicalId: this.#logicalId };
  }
}
