// The tree of a mapping template (spec/websocket-api.md §5.2 to §5.4).

export type Block = readonly Node[];

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'set'; readonly target: Reference; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Expression; readonly block: Block }[];
      readonly otherwise: Block | undefined;
    }
  | { readonly kind: 'foreach'; readonly name: string; readonly over: Expression; readonly block: Block }
  | { readonly kind: 'define'; readonly name: string; readonly block: Block }
  | {
      readonly kind: 'macro';
      readonly name: string;
      readonly parameters: readonly string[];
      readonly block: Block;
    }
  /** `#name(…)`: a macro when there is one, else the text that is `written`. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly written: string;
    }
  | { readonly kind: 'evaluate'; readonly source: Expression }
  | { readonly kind: 'break' }
  | { readonly kind: 'stop' }
  /** `#include` and `#parse`: there are no files. */
  | { readonly kind: 'file'; readonly directive: string };

/** `$name.a.b(c)[d]`. */
export interface Reference {
  readonly name: string;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'index'; readonly index: Expression };

export type BinaryOperator =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export type Expression =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly text: string }
  /** A double-quoted string with references or directives in it. */
  | { readonly kind: 'template'; readonly block: Block }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };
