// Request parameters of integrations of WebSocket APIs: `integration.request.header.x` from `route.request.body.a`
// (spec/websocket-api.md §3.8).
import type { GrammarError } from './grammar-error.ts';
import { mappingError } from './mapping-error.ts';
import { ROUTE_PARAMETERS, type RouteParameter, readRouteParameter } from './route-parameter.ts';

export interface RequestParameter {
  readonly location: ParameterLocation;
  readonly name: string;
  readonly source: RequestSource;
}

/** Where a parameter goes, with what that is. */
export const PARAMETER_LOCATIONS = {
  header: 'header of the backend request',
  querystring: 'query parameter of the backend request',
  path: 'path variable of the URI',
} as const;

export type ParameterLocation = keyof typeof PARAMETER_LOCATIONS;

export type RequestSource =
  | { readonly from: 'static'; readonly text: string }
  | { readonly from: 'parameter'; readonly parameter: RouteParameter }
  /** `path` is a JSONPath without `$`, as `.a[0]`; empty for the whole body. */
  | { readonly from: 'body'; readonly path: string }
  /** A route of a WebSocket API has no path parameter. */
  | { readonly from: 'path' | 'context' | 'stageVariable'; readonly name: string };

const DESTINATION = new RegExp(
  String.raw`^integration\.request\.(${Object.keys(PARAMETER_LOCATIONS).join('|')})\.([A-Za-z0-9._$-]+)$`,
);
/** Beginnings of the sources that are no text and no `$context`, each with what it names. A route has no path parameter. */
export const REQUEST_SOURCES: readonly (readonly [beginning: string, about: string])[] = [
  ...ROUTE_PARAMETERS,
  ['route.request.body', 'the message'],
  ['route.request.body.', 'member of the message, by a JSONPath'],
  ['stageVariables.', 'variable of the stage'],
];

const STATIC = /^'([^']*)'$/;
const BODY = /^route\.request\.body((?:[.[].+)?)$/s;
const NAMED: readonly (readonly [from: 'path' | 'context' | 'stageVariable', pattern: RegExp])[] = [
  ['path', /^route\.request\.path\.([A-Za-z0-9._$-]+)$/],
  ['context', /^context\.([A-Za-z0-9_.]+)$/],
  ['stageVariable', /^stageVariables\.([A-Za-z0-9_]+)$/],
];

/** Parses a destination and its source. Throws a MappingError about the first of them that is none; the caller knows whether a
 *  JSONPath is one. */
export function parseRequestParameter(destination: string, source: string): RequestParameter {
  const [, location, name] = DESTINATION.exec(destination) ?? [];
  if (name === undefined) throw badRequestParameter(destination);
  return { location: location as ParameterLocation, name, source: parseSource(source) };
}

/** The refusal of a destination or a source. */
export function badRequestParameter(text: string): GrammarError {
  return mappingError(`Invalid mapping expression parameter specified: ${text}`);
}

function parseSource(written: string): RequestSource {
  const [, text] = STATIC.exec(written) ?? [];
  if (text !== undefined) return { from: 'static', text };
  // `method.request` is `route.request` by another name.
  const source = written.replace(/^method\./, 'route.');
  const parameter = readRouteParameter(source);
  if (parameter !== undefined) return { from: 'parameter', parameter };
  const [, path] = BODY.exec(source) ?? [];
  if (path !== undefined) return { from: 'body', path };
  for (const [from, pattern] of NAMED) {
    const [, name] = pattern.exec(source) ?? [];
    if (name !== undefined) return { from, name };
  }
  throw badRequestParameter(written);
}
