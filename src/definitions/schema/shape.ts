// What a property of a resource may be (spec/definitions.md §5.1.2), as data: AWS's published schemas in a few words.

export type PropertyShape =
  | TextShape
  | { readonly kind: 'integer' | 'number'; readonly least?: number; readonly most?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly item: PropertyShape }
  | Entries
  | Structure
  | Json
  /** Means nothing, neither here nor on AWS. The text says so. */
  | { readonly kind: 'refused'; readonly text: string };

export interface TextShape {
  readonly kind: 'text';
  readonly values?: readonly string[];
  /** An empty text is one that is not there (§4.6.2). */
  readonly emptyIsAbsent?: true;
}

/** A map with keys of the user's choice. */
export interface Entries {
  readonly kind: 'entries';
  readonly value: PropertyShape;
  /** ResponseParameters of an Integration: its lists become maps (§5.8.1). */
  readonly isOfResponses?: true;
}

export interface Structure {
  readonly kind: 'structure';
  readonly members: Members;
  readonly required: readonly string[];
  /** Another form of the value: what it stands for, by the name of the member that it is. */
  readonly orScalar?: string;
}

export type Members = { readonly [name: string]: PropertyShape };

/** A map, or text that holds JSON (§5.1.7): converted as what it is of; passed on as text, with a map printed as one; or a document
 *  that keeps its places. */
export type Json =
  | { readonly kind: 'json'; readonly of: Entries }
  | { readonly kind: 'json text' }
  | { readonly kind: 'document' };

export interface ResourceSchema extends Structure {
  /** Properties of which one stands for all that are required; there may be one of them only. */
  readonly instead?: { readonly names: readonly string[]; readonly both: string };
  /** Names of properties whose change replaces the resource. */
  readonly replacing: readonly string[];
}

export const TEXT: TextShape = { kind: 'text' };
export const CLEARABLE: TextShape = { kind: 'text', emptyIsAbsent: true };
export const INTEGER: PropertyShape = { kind: 'integer' };
export const BOOLEAN: PropertyShape = { kind: 'boolean' };
export const TEXTS: PropertyShape = { kind: 'list', item: TEXT };
export const TEXT_MAP: Entries = { kind: 'entries', value: TEXT };

export function structure(
  members: Members,
  required: readonly string[] = [],
  more: Pick<Structure, 'orScalar'> = {},
): Structure {
  return { kind: 'structure', members, required, ...more };
}

export const jsonMap = (value: PropertyShape): Json => ({ kind: 'json', of: { kind: 'entries', value } });
