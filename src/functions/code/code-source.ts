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
  readonly layers?: readonly LayerSource[];
}

export interface LayerSource {
  /** As the report calls it: its logical id, or its ARN. */
  readonly name: string;
  /** A directory or a zip file, absolute; absent where it is not on this machine. */
  readonly path?: string;
}

export type CodePlace =
  | { readonly kind: 'inline'; readonly text: string }
  /** A directory, a zip file, or the one file of the function; absolute. */
  | { readonly kind: 'path'; readonly path: string }
  /** Nowhere on this machine: `its code is a container image`. */
  | { readonly kind: 'elsewhere'; readonly reason: string };

export type LocatedCode =
  | {
      readonly code: FunctionCodeDocument;
      /** The file that is run, absolute. */
      readonly file: string;
      /** What is worth knowing of it, each beginning with the name of a property or file. */
      readonly notes: readonly string[];
      readonly layers: LayerPaths;
    }
  | { readonly code: undefined; readonly missing: Missing; readonly reason: string };

/** `wrong` is a mistake, `unbuilt` will be there, `elsewhere` has nothing to be found. */
export type Missing = 'wrong' | 'unbuilt' | 'elsewhere';

/** What of layers is on the paths of modules (Choice D37): directories, by the names of layers. */
export interface LayerPaths {
  readonly variable: 'NODE_PATH' | 'PYTHONPATH';
  readonly directories: { readonly [layer: string]: string };
}
