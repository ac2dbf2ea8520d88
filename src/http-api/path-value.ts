// Paths of backend requests: from the integration URI's template, or from an `overwrite:path` value
// (spec/http-api.md §3.2, §4.7, Choices C15, C38).
import type { Part } from '../grammar/mapping-source.ts';
import type { MappingValue } from '../grammar/mapping-value.ts';
import { encodePathLiteral, encodePathSegment, encodePathText } from '../grammar/percent.ts';
import type { Call } from './call.ts';
import { compileValue, type ValueReader, type ValueScope } from './values.ts';

/** An encoded path beginning with `/`; undefined when a whole-value selector resolves to nothing. */
export type PathReader = (call: Call) => string | undefined;

/** `overwrite:path`: literal text is path text, what a variable brings is encoded as data; `/` stays in both. */
export function compilePathValue(value: MappingValue, scope: ValueScope): PathReader {
  if (value.kind === 'selector') {
    const read = compileValue(value, scope);
    return (call) => {
      const text = read(call);
      return text === undefined ? undefined : rooted(encodePathText(text));
    };
  }
  const parts: readonly Part[] = value.kind === 'static' ? [{ from: 'text', text: value.text }] : value.parts;
  const readers = parts.map((part) => pathPart(part, scope));
  return (call) => {
    let path = '';
    for (let i = 0; i < readers.length; i++) path += readers[i]!(call) ?? '';
    return rooted(path);
  };
}

function pathPart(part: Part, scope: ValueScope): ValueReader {
  if (part.from === 'text') {
    const literal = encodePathLiteral(part.text);
    return () => literal;
  }
  const read = compileValue({ kind: 'selector', part }, scope);
  return (call) => {
    const text = read(call);
    return text === undefined ? undefined : encodePathText(text);
  };
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
  const readers = parts.map((part, i): PathReader => {
    if (part.kind === 'literal') {
      const isBase = appendsRequestPath && i === parts.length - 1;
      const text = isBase ? part.text.replace(/\/$/, '') : part.text;
      return () => text;
    }
    const index = variableNames.indexOf(part.name);
    const encode = part.name === greedyName ? encodePathText : encodePathSegment;
    return (call) => encode(call.values[index] ?? '');
  });
  if (appendsRequestPath) readers.push((call) => encodePathText(call.path));
  if (readers.length === 1) {
    const only = readers[0]!;
    return (call) => rooted(only(call)!);
  }
  return (call) => {
    let path = '';
    for (let i = 0; i < readers.length; i++) path += readers[i]!(call)!;
    return rooted(path);
  };
}

function rooted(path: string): string {
  return path.charCodeAt(0) === 0x2f ? path : `/${path}`;
}
