// Response parameters of integrations of WebSocket APIs: `route.response.header.x` from `integration.response.header.y`
// (spec/websocket-api.md §4.4.4).
import { badValue, mappingError } from './mapping-error.ts';

export interface ResponseParameter {
  /** The header it goes to, as written. */
  readonly name: string;
  readonly source: ResponseSource;
}

export type ResponseSource =
  | { readonly from: 'static'; readonly text: string }
  | { readonly from: 'header'; readonly name: string }
  /** `path` is a JSONPath without `$`, as `.a[0]`; empty for the whole body. Whether it is one is not looked at. */
  | { readonly from: 'body'; readonly path: string };

/** Beginnings of the sources that are no text, each with what it names. */
export const RESPONSE_SOURCES: readonly (readonly [beginning: string, about: string])[] = [
  ['integration.response.header.', 'header of the backend’s answer'],
  ['integration.response.body', 'body of the backend’s answer'],
  ['integration.response.body.', 'member of the backend’s answer, by a JSONPath'],
];

const DESTINATION = /^(?:method|route)\.response\.header\.([a-zA-Z0-9._$-]+)$/;
const STATIC = /^'([^']*)'$/;
const HEADER = /^integration\.response\.header\.([^\s]+)$/;
const BODY = /^integration\.response\.body((?:[.[].*)?)$/s;

/** Parses a destination and its source. Throws a MappingError about the first of them that is none. */
export function parseResponseParameter(destination: string, source: string): ResponseParameter {
  const [, name] = DESTINATION.exec(destination) ?? [];
  if (name === undefined) {
    throw mappingError(`Invalid mapping expression parameter specified: ${destination}`);
  }
  return { name, source: parseSource(source) };
}

function parseSource(source: string): ResponseSource {
  const [, text] = STATIC.exec(source) ?? [];
  if (text !== undefined) return { from: 'static', text };
  const [, name] = HEADER.exec(source) ?? [];
  if (name !== undefined) return { from: 'header', name };
  const [, path] = BODY.exec(source) ?? [];
  if (path !== undefined) return { from: 'body', path };
  throw badValue(source);
}
