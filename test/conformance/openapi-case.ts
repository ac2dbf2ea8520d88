// The shape of rows about OpenAPI documents (spec/openapi.md §14, §15).
import type { MadeRoute, Members } from './openapi-language.ts';
import type { OpenApiStand, Refusal, Sent } from './openapi-stand.ts';

interface Row {
  /** Number in §14, or `D1` to `D7` of §15. */
  readonly row: number | string;
  readonly name: string;
  /** Of §17, without the word: `O7`. */
  readonly choices?: readonly string[];
  /** Statements of http-api.md that it shows too. */
  readonly also?: readonly string[];
}

/** All that comes of an import: what is not told does not exist. */
export interface Outcome {
  /** Members of the Api; `undefined` for one that is not there. */
  readonly api?: Members;
  readonly routes: { readonly [key: string]: MadeRoute };
  /** Their number, where it is not one for each route with a target. */
  readonly integrations?: number;
  readonly authorizers?: { readonly [name: string]: Members };
  /** In order. */
  readonly warnings?: readonly string[];
  /** Beyond those about `responses` of a document that is an object. */
  readonly info?: readonly string[];
  /** The lines of `info` are all and in order. */
  readonly inOrder?: true;
}

/** One import, and what it makes or how it is refused. */
export interface ImportCase extends Row, Sent {
  /** AWS's check of issuers is on; no issuer can be reached. */
  readonly checksIssuers?: true;
  readonly made?: Outcome;
  readonly refused?: Refusal;
}

/** A story of several calls. */
export interface StoryCase extends Row {
  readonly run: (stand: OpenApiStand) => Promise<void>;
}

/** The statements that a row shows. */
export const statementsOf = ({ row, choices = [], also = [] }: Row): readonly string[] => [
  typeof row === 'number' ? `oas §14#${row}` : `oas §15 ${row}`,
  ...choices.map((choice) => `oas §17 ${choice}`),
  ...also,
];
