// What functions are evaluated with.
import type { Node } from '../../tree/node.ts';
import type { TemplateError } from '../finding.ts';
import type { EvaluationScope } from '../scope.ts';
import type { Template } from '../template.ts';
import type { Call } from './call.ts';

export interface Evaluator {
  readonly template: Pick<Template, 'mappings' | 'conditions'>;
  readonly scope: EvaluationScope;
  /** The section that is being evaluated: `Resources`. */
  readonly block: string;
  /** Undefined for `AWS::NoValue`. */
  value(node: Node): Node | undefined;
  /** The text that a node gives; an error says `otherwise`. */
  text(node: Node | undefined, otherwise: string): string;
  /** The items that a node gives; an error says `otherwise`. */
  list(node: Node | undefined, otherwise: string): readonly Node[];
  /** Whether an expression of conditions holds. */
  holds(node: Node | undefined, otherwise: string): boolean;
  /** Whether a named condition holds. */
  condition(name: string, offset?: number): boolean;
  error(text: string, offset: number): TemplateError;
  /** Counts what is produced, in characters. Throws TemplateError when it is too much. */
  spend(characters: number, offset: number): void;
  /** Counts the texts of a value that is handed on. */
  spendTexts(value: Node): void;
}

/** Gives undefined for `AWS::NoValue`. */
export type TemplateFunction = (call: Call, evaluator: Evaluator) => Node | undefined;
