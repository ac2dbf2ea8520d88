// Paths of backend requests: from the integration URI's template, or from an `overwrite:path` value
// (spec/http-api.md §3.2, §4.7, Choices C15, C38).
import type { Part } from '../../grammar/mapping-source.ts';
import type { MappingValue } from '../../grammar/mapping-value.ts';
import {
  encodePathLiteral,
  encodePathSegment,
  encodePathText,
  encodeQueryLiteral,
  encodeQueryText,
} from '../../grammar/percent.ts';
import type { Call } from '../call.ts';
import { compileParts, hasDotSegment, type PathPiece } from './path-pieces.ts';
import { compileValue, type ValueScope } from './values.ts';

/** An encoded path beginning with `/`; undefined when data would make a dot segment in it. */
export type PathReader = (call: Call) => string | undefined;

/** What an `overwrite:path` value makes of a request. */
export interface PathOverwrite {
  readonly path: PathReader;
  /** What stands behind a literal `?` of the value, encoded; '' for nothing. */
  readonly query: string | ((call: Call) => string);
}

/** `overwrite:path`: literal text is path text up to its first `?` and query text behind it; what a variable brings is
 *  encoded as data, and `/` stays in paths. `otherwise` is the path when a value that is one source resolves to nothing. */
export function compilePathValue(
  value: MappingValue,
  scope: ValueScope,
  otherwise: PathReader,
): PathOverwrite {
  if (value.kind === 'selector') {
    const read = compileValue(value, scope);
    const pieces = [dataPiece(value.part, scope, encodePathText)];
    const path: PathReader = (call) => {
      const text = read(call);
      return text === undefined
        ? otherwise(call)
        : checked(rooted(encodePathText(text), false), pieces, call);
    };
    return { path, query: '' };
  }
  const [inPath, inQuery] = atQuestionMark(
    value.kind === 'static' ? [{ from: 'text', text: value.text }] : value.parts,
  );
  const pieces = (
    parts: readonly Part[],
    literal: (text: string) => string,
    data: (text: string) => string,
  ) =>
    parts.map(
      (part): PathPiece =>
        part.from === 'text' ? { text: literal(part.text) } : dataPiece(part, scope, data),
    );
  return {
    path: compilePieces(pieces(inPath, encodePathLiteral, encodePathText)),
    query: constantOr(pieces(inQuery, encodeQueryLiteral, encodeQueryText)),
  };
}

function dataPiece(part: Part, scope: ValueScope, encode: (text: string) => string): PathPiece {
  const read = compileValue({ kind: 'selector', part }, scope);
  return { read: (call) => encode(read(call) ?? '') };
}

/** The parts before and behind the first `?` of the literal text. */
function atQuestionMark(parts: readonly Part[]): readonly [readonly Part[], readonly Part[]] {
  const at = parts.findIndex((part) => part.from === 'text' && part.text.includes('?'));
  const marked = parts[at];
  if (marked?.from !== 'text') return [parts, []];
  const mark = marked.text.indexOf('?');
  return [
    [...parts.slice(0, at), { from: 'text', text: marked.text.slice(0, mark) }],
    [{ from: 'text', text: marked.text.slice(mark + 1) }, ...parts.slice(at + 1)],
  ];
}

/** A piece of a URI behind its authority, stage variables already in place. */
export type UriPathPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string };

/** The URI's path. `$default` routes append the whole request path to it; other routes put their variables in. A path
 *  variable that the route does not have becomes empty text. */
export function compileUriPath(
  parts: readonly UriPathPart[],
  variableNames: readonly string[],
  greedyName: string | undefined,
  appendsRequestPath: boolean,
): PathReader {
  const pieces = parts.map((part, i): PathPiece => {
    if (part.kind === 'literal') {
      const isBase = appendsRequestPath && i === parts.length - 1;
      return { text: isBase ? part.text.replace(/\/$/, '') : part.text };
    }
    const index = variableNames.indexOf(part.name);
    const encode = part.name === greedyName ? encodePathText : encodePathSegment;
    return { read: (call) => encode(call.values[index] ?? '') };
  });
  // The request's own path was judged when it came in.
  if (!appendsRequestPath) return compilePieces(pieces);
  const base = compilePieces(pieces);
  const isBare = pieces.every((piece) => piece.text === '');
  if (isBare) return (call) => encodePathText(call.path);
  return (call) => {
    const path = base(call);
    return path === undefined ? undefined : path + encodePathText(call.path);
  };
}

function compilePieces(pieces: readonly PathPiece[]): PathReader {
  const read = constantOr(pieces);
  if (typeof read === 'string') {
    const path = rooted(read, true);
    return () => path;
  }
  // Who configures two slashes means them; a value cannot make the path look like an authority.
  const isDouble = pieces[0]!.text?.startsWith('//') === true;
  return (call) => checked(rooted(read(call), isDouble), pieces, call);
}

/** The path, unless data makes a dot segment in it. */
function checked(path: string, pieces: readonly PathPiece[], call: Call): string | undefined {
  const isPlain = !path.includes('/.') && !path.includes('%');
  return isPlain || !hasDotSegment(path, pieces, call) ? path : undefined;
}

function constantOr(pieces: readonly PathPiece[]): string | ((call: Call) => string) {
  if (pieces.every((piece) => piece.text !== undefined)) return pieces.map(({ text }) => text).join('');
  return compileParts(pieces);
}

const SLASH = 0x2f;

/** With one slash at its beginning, or with the two that somebody has configured. */
function rooted(path: string, isDouble: boolean): string {
  if (path.charCodeAt(0) !== SLASH) return `/${path}`;
  return isDouble || path.charCodeAt(1) !== SLASH ? path : path.replace(/^\/+/, '/');
}
