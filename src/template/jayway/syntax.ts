// The tree of a JSONPath in Jayway's dialect (spec/websocket-api.md §5.8).
import type { Value } from '../values.ts';

export interface JaywayPath {
  readonly steps: readonly JaywayStep[];
  /** Whether it leads to one value, not to a list of them. */
  readonly isDefinite: boolean;
}

export type JaywayStep =
  | { readonly kind: 'members'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' }
  /** `..`: the next step applies to the value and everything below. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly test: Filter }
  | FunctionStep;

/** `length()` and the like. */
export interface FunctionStep {
  readonly kind: 'function';
  readonly name: string;
  readonly args: readonly FunctionArgument[];
}

/** A value, or a path from the document. */
export type FunctionArgument = { readonly value: Value } | { readonly path: JaywayPath };

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'exists'; readonly operand: PathOperand }
  | {
      readonly kind: 'compare';
      readonly operator: FilterOperator;
      readonly left: Operand;
      readonly right: Operand;
    };

export type FilterOperator =
  | '=='
  | '==='
  | '!='
  | '!=='
  | '<'
  | '<='
  | '>'
  | '>='
  | '=~'
  | 'in'
  | 'nin'
  | 'contains'
  | 'all'
  | 'size'
  | 'empty'
  | 'subsetof'
  | 'anyof'
  | 'noneof'
  /** Those that a path in a text cannot use. */
  | 'type'
  | 'matches'
  | 'exists';

export type Operand =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'pattern'; readonly source: string; readonly ignoresCase: boolean }
  | PathOperand;

/** `@.a` starts at the element, `$.a` at the document. */
export interface PathOperand {
  readonly kind: 'path';
  readonly isRoot: boolean;
  readonly path: JaywayPath;
}
