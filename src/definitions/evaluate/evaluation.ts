// The functions of a template, evaluated by need (spec/definitions.md §4.1.2).
import type { Node } from '../../tree/node.ts';
import { TemplateError, templateError } from '../finding.ts';
import { type DynamicReference, type EvaluationScope, NotKnown } from '../scope.ts';
import type { Template } from '../template.ts';
import { withResolved } from './dynamic-references.ts';
import { blockOf, EvaluationRun, type RunMeans, type Where } from './evaluation-run.ts';
import { plainText } from './plain-text.ts';

/** Characters that the functions of one evaluation may produce altogether. */
const MAX_PRODUCED = 8 * 1024 * 1024;
/** Conditions that ask one another. */
const MAX_DEPTH = 200;
const NO_CONDITION =
  'Template format error: Conditions can only be boolean operations on parameters and other conditions';

/** What of a template its functions look at. */
export type Evaluated = Pick<Template, 'mappings' | 'conditions'>;

export class Evaluation {
  readonly #template: Evaluated;
  readonly #scope: EvaluationScope;
  readonly #means: RunMeans;
  /** Undefined while one is being evaluated. */
  readonly #conditions = new Map<string, boolean | TemplateError | undefined>();
  readonly #secrets = new Set<string>();
  #left = MAX_PRODUCED;
  /** Of conditions in one another. */
  #depth = 0;

  constructor(template: Evaluated, scope: EvaluationScope) {
    this.#template = template;
    this.#scope = scope;
    this.#means = {
      template,
      scope,
      condition: (name, where, offset) => this.condition(name, where, offset),
      takes: (characters) => {
        this.#left -= characters;
        return this.#left >= 0;
      },
    };
  }

  /** Values of secrets that are in what was evaluated: never to be printed (§4.3.3). */
  get secrets(): ReadonlySet<string> {
    return this.#secrets;
  }

  isParameter(name: string): boolean {
    return name === 'AWS::NoValue' || this.#scope.parameters.has(name);
  }

  /** Undefined for `AWS::NoValue`. Throws TemplateError and NotKnown. */
  evaluate(node: Node, where: Where = {}): Node | undefined {
    const value = new EvaluationRun(this.#means, where).whole(node);
    return value && withResolved(value, (reference, offset) => this.#resolved(reference, offset, where));
  }

  /** The text that a node gives; undefined for `AWS::NoValue`. Throws TemplateError and NotKnown. */
  text(node: Node, where: Where = {}): string | undefined {
    const value = this.evaluate(node, where);
    const text = plainText(value);
    if (value === undefined || text !== undefined) return text;
    const found = value.kind === 'scalar' ? 'null' : `a ${value.kind}`;
    throw templateError(`Template format error: a text is needed here, and not ${found}`, {
      ...where,
      offset: node.offset,
    });
  }

  /** Whether a condition of the template holds. Throws TemplateError, also for one that the template does not have. */
  condition(name: string, where: Where = {}, offset?: number): boolean {
    const known = this.#conditions.get(name);
    if (known instanceof TemplateError) throw known;
    if (known !== undefined) return known;
    const expression = this.#template.conditions.get(name);
    if (expression === undefined)
      throw templateError(
        `Template format error: Unresolved condition dependency ${name} in the ${blockOf(where)} block of the template`,
        { ...where, offset },
      );
    const place = { path: `Conditions.${name}`, offset: expression.offset };
    if (this.#conditions.has(name))
      throw templateError(`Template format error: Circular dependency in the condition ${name}`, place);
    if (this.#depth >= MAX_DEPTH)
      throw templateError(
        `Template format error: conditions ask each other more than ${MAX_DEPTH} deep`,
        place,
      );
    return this.#decide(name, expression);
  }

  /** What is wrong with a condition is wrong with all that ask it, and found once. */
  #decide(name: string, expression: Node): boolean {
    this.#conditions.set(name, undefined);
    this.#depth++;
    try {
      const holds = this.holds(expression, { path: `Conditions.${name}` });
      this.#conditions.set(name, holds);
      return holds;
    } catch (error) {
      if (error instanceof TemplateError) this.#conditions.set(name, error);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Whether an expression of conditions or rules holds. Throws TemplateError. */
  holds(expression: Node, where: Where): boolean {
    return new EvaluationRun(this.#means, where).holds(expression, NO_CONDITION);
  }

  #resolved(reference: DynamicReference, offset: number, where: Where): string {
    const value = this.#scope.resolved(reference);
    if (value === undefined) {
      const notKnown = new NotKnown(`{{${reference.text}}}`);
      notKnown.place = { ...where, offset };
      throw notKnown;
    }
    if (reference.service !== 'ssm') this.#secrets.add(value);
    return value;
  }
}
