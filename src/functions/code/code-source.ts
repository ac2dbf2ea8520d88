// Where a template says that the code of a function is, and what was found there (spec/definitions.md §7.2).
import type { FunctionCodeDocument } from '../../config/function-document.ts';

/** Plain data: it is kept with the stack. */
export interface CodeSource {
  readonly from: CodePlace;
  /** `nodejs20.x` */
  readonly runtime?: string;
  readonly handler?: string;
  /** Who builds it: `esbuild`, `makefile`. */
  readonly buildMethod?: string;
  /** What esbuild begins with. */
  readonly entryPoints?: readonly string[];
}

export type CodePlace =
  | { readonly kind: 'inline'; readonly text: string }
  /** A directory, a zip file, or the one file of the function; absolute. */
  | { readonly kind: 'path'; readonly path: string }
  /** Nowhere on this machine: `its code is a container image`. */
  | { readonly kind: 'elsewhere'; readonly reason: string };

export type LocatedCode =
  | { readonly code: FunctionCodeDocument; readonly notes: readonly string[] }
  | { readonly code: undefined; readonly missing: Missing; readonly reason: string };

/** `wrong` is a mistake, `unbuilt` will be there, `elsewhere` has nothing to be found. */
export type Missing = 'wrong' | 'unbuilt' | 'elsewhere';
