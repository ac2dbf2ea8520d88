// One evaluation of one node: values of maps, lists and calls, with the way to where it is for errors.
import { unreachable } from '../../defect.ts';
import type { ListNode, MapNode, Member, Node } from '../../tree/node.ts';
import { type Finding, TemplateError, templateError } from '../finding.ts';
import { type EvaluationScope, NotKnown } from '../scope.ts';
import { type Call, callOf } from './call.ts';
import { CONDITION_FUNCTIONS } from './condition-functions.ts';
import type { Evaluator, TemplateFunction } from './evaluator.ts';
import { plainText } from './plain-text.ts';
import { REFERENCE_FUNCTIONS } from './reference-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { isUnevaluated, unsupportedFunction } from './unsupported.ts';

/** What a node is part of, for errors: `{ logicalId: 'ListRoute', path: 'Resources.ListRoute.Properties.Target' }`. */
export type Where = Pick<Finding, 'logicalId' | 'type' | 'path'>;

export interface RunMeans extends Pick<Evaluator, 'template' | 'scope'> {
  condition(name: string, where: Where, offset: number | undefined): boolean;
  /** Whether so many characters may still be produced. */
  takes(characters: number): boolean;
}

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ...REFERENCE_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...CONDITION_FUNCTIONS,
]);

/** Characters that a value counts as, besides its text. */
const NODE = 16;

/** The section that a path is in. */
export function blockOf({ path }: Where): string {
  return path?.split('.', 1)[0] ?? 'Resources';
}

export class EvaluationRun implements Evaluator {
  readonly template: Evaluator['template'];
  readonly scope: EvaluationScope;
  readonly block: string;
  readonly #means: RunMeans;
  readonly #where: Where;
  /** Keys and indexes below where the run began; those inside of calls are left out. */
  readonly #path: (string | number)[] = [];
  #calls = 0;
  /** Of members and items that have errors, while others are looked at. */
  readonly #errors: Finding[] = [];

  constructor(means: RunMeans, where: Where) {
    this.template = means.template;
    this.scope = means.scope;
    this.block = blockOf(where);
    this.#means = means;
    this.#where = where;
  }

  /** The value of what the run is of. Throws TemplateError with all that is wrong in its members. */
  whole(node: Node): Node | undefined {
    const value = this.value(node);
    if (this.#errors.length > 0) throw new TemplateError(this.#errors);
    return value;
  }

  value(node: Node): Node | undefined {
    switch (node.kind) {
      case 'scalar':
        return node;
      case 'list':
        return this.#list(node);
      case 'map': {
        const call = callOf(node);
        return call === undefined ? this.#map(node) : this.#call(call);
      }
      default:
        return unreachable(node);
    }
  }

  /** What is the same evaluated is the same node. */
  #list(node: ListNode): ListNode {
    const items: Node[] = [];
    let isChanged = false;
    for (const [index, item] of node.items.entries()) {
      const value = this.#at(index, item);
      if (value !== item) isChanged = true;
      if (value !== undefined) items.push(value);
    }
    return isChanged ? { ...node, items } : node;
  }

  #map(node: MapNode): MapNode {
    const members = new Map<string, Member>();
    let isChanged = false;
    for (const [key, member] of node.members) {
      const value = this.#at(key, member.value);
      if (value === member.value) {
        members.set(key, member);
        continue;
      }
      isChanged = true;
      if (value !== undefined) members.set(key, { keyOffset: member.keyOffset, value });
    }
    return isChanged ? { ...node, members } : node;
  }

  #at(step: string | number, node: Node): Node | undefined {
    if (this.#calls > 0 || node.kind === 'scalar') return this.value(node);
    this.#path.push(step);
    try {
      return this.value(node);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#errors.push(...error.findings);
      return node;
    } finally {
      this.#path.pop();
    }
  }

  #call(call: Call): Node | undefined {
    const run = FUNCTIONS.get(call.name);
    if (run === undefined)
      throw this.error(
        isUnevaluated(call.name)
          ? `${call.name} asks AWS about an account, and stands in Rules only`
          : unsupportedFunction(call.name),
        call.offset,
      );
    this.#calls++;
    try {
      return run(call, this);
    } catch (error) {
      if (error instanceof NotKnown) error.place ??= this.#place(call.offset);
      throw error;
    } finally {
      this.#calls--;
    }
  }

  text(node: Node | undefined, otherwise: string): string {
    const text = node && plainText(this.value(node));
    if (text === undefined) throw this.error(otherwise, node?.offset);
    return text;
  }

  list(node: Node | undefined, otherwise: string): readonly Node[] {
    const value = node && this.value(node);
    if (value?.kind !== 'list') throw this.error(otherwise, node?.offset);
    return value.items;
  }

  holds(node: Node | undefined, otherwise: string): boolean {
    const text = this.text(node, otherwise).toLowerCase();
    if (text !== 'true' && text !== 'false') throw this.error(otherwise, node?.offset);
    return text === 'true';
  }

  condition(name: string, offset?: number): boolean {
    return this.#means.condition(name, this.#where, offset);
  }

  spend(characters: number, offset: number): void {
    if (!this.#means.takes(characters))
      throw this.error('the functions of the template produce more than 8 MB of text', offset);
  }

  spendTexts(value: Node): void {
    this.spend(NODE, value.offset);
    if (value.kind === 'scalar') this.spend(value.text.length, value.offset);
    else if (value.kind === 'list') for (const item of value.items) this.spendTexts(item);
    else {
      for (const [key, { value: of }] of value.members) {
        this.spend(key.length, of.offset);
        this.spendTexts(of);
      }
    }
  }

  error(text: string, offset?: number): TemplateError {
    return templateError(text, this.#place(offset));
  }

  #place(offset: number | undefined): Omit<Finding, 'severity' | 'text'> {
    const { path, ...where } = this.#where;
    const steps = [...(path === undefined ? [] : [path]), ...this.#path];
    return { ...where, offset, path: steps.length === 0 ? undefined : steps.join('.') };
  }
}
