// The tree of a mapping template (spec/websocket-api.md §5.2 to §5.4).
import type { Value } from './values.ts';

/** Is told what a node or reference comes to as the template is rendered. */
export interface Seen {
  /** Of references: undefined for one that leads nowhere. */
  value(value: Value | undefined): void;
  /** An evaluation has thrown. */
  failure(error: unknown): void;
}

/** Makes of a place in a template, and of what is written there, who is told of it. */
export type TemplateWatch = (at: number, written: string) => Seen;

/** Templates that serve events have nobody there, which costs their rendering nothing: it is asked when they are compiled. */
export interface Seeable {
  readonly seen?: Seen;
}

export type Block = readonly Node[];

export type Node = Seeable & UnseenNode;

type UnseenNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** Without a target for `#set(${x} = 1)`, which sets nothing that `$x` sees (§5.3.1). */
  | { readonly kind: 'set'; readonly target: Reference | undefined; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Expression; readonly block: Block }[];
      readonly otherwise: Block | undefined;
    }
  | { readonly kind: 'foreach'; readonly name: string; readonly over: Expression; readonly block: Block }
  /** Without a name for `#define(${d})`. */
  | { readonly kind: 'define'; readonly name: string | undefined; readonly block: Block }
  /** Renders nothing: the macros of a template are known from its start (§5.3.7). */
  | ({ readonly kind: 'macro' } & Macro)
  | Call
  | { readonly kind: 'evaluate'; readonly source: Expression }
  /** Leaves the loop that `scope` says, or the innermost one. */
  | { readonly kind: 'break'; readonly scope: Expression | undefined }
  | { readonly kind: 'stop' }
  /** `#include` and `#parse`: there are no files. */
  | { readonly kind: 'file'; readonly directive: string };

export interface Macro {
  readonly name: string;
  /** undefined for a parameter that no reference sees, such as `$!a`. */
  readonly parameters: readonly (string | undefined)[];
  readonly block: Block;
}

/** `#name(…)`, `#name`, `#@name(…) … #end`: a macro when there is one, else the text that is `written`. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  /** A word stands among the arguments, which no macro takes. */
  readonly word: string | undefined;
  /** What `$bodyContent` is. */
  readonly body: Block | undefined;
  readonly written: string;
}

/** `$name.a.b(c)[d]`. */
export interface Reference extends Seeable {
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
