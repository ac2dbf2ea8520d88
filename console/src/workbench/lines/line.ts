// What a trace is shown as: lines of text, each piece of which knows the mappings that made it.

/** A piece of a line. */
export interface Piece {
  readonly text: string;
  /** Ids of what made it (`mappingId`); empty: it came as it is, or the gateway made it. */
  readonly by: readonly string[];
}

/** `changed` and `added` without anything in `by` is the gateway's own doing. */
export type LineKind = 'same' | 'added' | 'changed' | 'removed';

export interface Line {
  readonly kind: LineKind;
  readonly pieces: readonly Piece[];
}

export type MappingSide = 'request' | 'response';

/** What one mapping is known by in lines and rows: `request/append:header.x-a`, `response/500/overwrite:statuscode`. */
export function mappingId(side: MappingSide, key: string, status?: number | string): string {
  return status === undefined ? `${side}/${key}` : `${side}/${status}/${key}`;
}

/** What a setting of the integration is known by: `setting/IntegrationUri`. */
export const settingId = (member: string): string => `setting/${member}`;

/** What a template is known by: `template/request/$default`; a response's with its key in front. */
export function templateId(side: MappingSide, templateKey: string, responseKey = ''): string {
  return `template/${side}/${responseKey}${responseKey === '' ? '' : '/'}${templateKey}`;
}

/** What made some piece of a line, each once. */
export function makersOf(line: Line): readonly string[] {
  return [...new Set(line.pieces.flatMap(({ by }) => by))];
}

export const textOf = (line: Line): string => line.pieces.map(({ text }) => text).join('');

/** A text as lines that nothing has made. */
export function plainLines(
  text: string,
  by: readonly string[] = [],
  kind: LineKind = 'same',
): readonly Line[] {
  return text === '' ? [] : text.split('\n').map((line) => ({ kind, pieces: [{ text: line, by }] }));
}
