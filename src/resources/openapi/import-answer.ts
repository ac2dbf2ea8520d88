// What `POST /_postern/import` takes and answers, for the command line: an import with the places of what is said of the document,
// and with what it makes of the API.
import type { Position } from '../../tree/node.ts';

export interface ImportRequest {
  /** The document, JSON or YAML. */
  readonly body: string;
  /** The API to replace; absent: a new one. */
  readonly apiId?: string;
  /** `ignore`, `prepend` or `split`. */
  readonly basePath?: string;
  readonly failOnWarnings?: boolean;
  /** Nothing is changed. */
  readonly dryRun?: boolean;
}

/** What is no mistake of the document, an API that is not there say, is answered as the management API answers it. */
export type ImportAnswer = ImportDone | ImportRefused;

/** Status 200. */
export interface ImportDone {
  /** `planned`: a dry run. */
  readonly outcome: 'imported' | 'planned';
  readonly api: {
    /** Of a planned new API: undefined, as it will be another. */
    readonly apiId: string | undefined;
    readonly name: string;
    /** ApiEndpoint; undefined with the id. */
    readonly endpoint: string | undefined;
  };
  /** In the order of creation. */
  readonly created: readonly NamedResource[];
  readonly changed: readonly NamedResource[];
  readonly removed: readonly NamedResource[];
  readonly kept: readonly NamedResource[];
  /** The stages that follow their API, each with why it has no deployment of the definition; undefined where it has one. */
  readonly stages: readonly { readonly name: string; readonly problem: string | undefined }[];
  readonly warnings: readonly PlacedLine[];
  readonly info: readonly PlacedLine[];
}

/** Status 400: nothing was changed. */
export interface ImportRefused {
  readonly outcome: 'refused';
  /** What ImportApi and ReimportApi answer. */
  readonly message: string;
  /** Empty when the warnings alone are the reason (failOnWarnings). */
  readonly errors: readonly PlacedProblem[];
  readonly warnings: readonly PlacedLine[];
  readonly info: readonly PlacedLine[];
}

/** `GET /pets` of a route, the name of an authorizer or an API, `HTTP_PROXY GET https://…` of an integration. */
export interface NamedResource {
  readonly kind: 'api' | 'authorizer' | 'integration' | 'route';
  readonly name: string;
}

/** Something that is said of a place of the document. */
export interface PlacedLine extends Position {
  readonly text: string;
}

export interface PlacedProblem extends PlacedLine {
  /** What exactly is wrong and what would be right, where more is known than the text says. */
  readonly detail: string | undefined;
}
