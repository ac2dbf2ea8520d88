// Paths that are put together from configured text and data, and the dot segments that data must not make in them
// (spec/http-api.md §1.9, §4.7).
import type { Call } from '../call.ts';

/** Encoded text: configured, or of a call. */
export type PathPiece =
  | { readonly text: string; readonly read?: undefined }
  | { readonly text?: undefined; readonly read: (call: Call) => string };

export function compileParts(pieces: readonly PathPiece[]): (call: Call) => string {
  if (pieces.length === 1) return readerOf(pieces[0]!);
  const readers = pieces.map(readerOf);
  return (call) => {
    let text = '';
    for (let i = 0; i < readers.length; i++) text += readers[i]!(call);
    return text;
  };
}

function readerOf({ text, read }: PathPiece): (call: Call) => string {
  return read ?? (() => text);
}

// Backends decode more than once, take `\` for `/`, and cut `;` and what follows off a segment.
const DOT = '(?:\\.|%(?:25)*2e)';
const SEPARATOR = '(?:[/\\\\]|%(?:25)*(?:2f|5c))';
const PARAMETER = '(?:;|%(?:25)*3b)';

/** A segment that leads upwards, in whatever disguise, in a path that is encoded or not. */
export const PARENT_SEGMENT = new RegExp(`(?:^|${SEPARATOR})${DOT}{2}(?:$|${SEPARATOR}|${PARAMETER})`, 'i');

const ANY_DOT_SEGMENT = new RegExp(`(?:^|${SEPARATOR})${DOT}{1,2}(?:$|${SEPARATOR}|${PARAMETER})`, 'i');
const DOT_SEGMENT = new RegExp(`^${DOT}{1,2}(?:${PARAMETER}.*)?$`, 'is');
const SEPARATORS = new RegExp(SEPARATOR, 'gi');

/** `$context.integrationErrorMessage` of a request that is refused for it. */
export const DOT_SEGMENT_MADE = 'A value makes a dot segment in the path of the backend request';

/** Whether a segment of `path`, the text of the pieces, is a dot segment that data has a part in. */
export function hasDotSegment(path: string, pieces: readonly PathPiece[], call: Call): boolean {
  return ANY_DOT_SEGMENT.test(path) && dataMakesDotSegment(pieces, call);
}

function dataMakesDotSegment(pieces: readonly PathPiece[], call: Call): boolean {
  let text = '';
  const data: { readonly start: number; readonly end: number }[] = [];
  for (const { text: configured, read } of pieces) {
    const start = text.length;
    text += configured ?? read(call);
    if (configured === undefined) data.push({ start, end: text.length });
  }
  let start = 0;
  const isMadeByData = (end: number): boolean =>
    DOT_SEGMENT.test(text.slice(start, end)) &&
    data.some((piece) => piece.start <= end && piece.end >= start);
  for (const separator of text.matchAll(SEPARATORS)) {
    if (isMadeByData(separator.index)) return true;
    start = separator.index + separator[0].length;
  }
  return isMadeByData(text.length);
}
