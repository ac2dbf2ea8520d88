// What a connect request brings to a route of a WebSocket API: `route.request.querystring.token` (spec/websocket-api.md §2.9).
import { GrammarError } from './grammar-error.ts';

export interface RouteParameter {
  readonly location: 'header' | 'querystring';
  /** All values of the name, not its last alone. */
  readonly isMultiValue: boolean;
  /** As written; that of a header is compared without case. */
  readonly name: string;
}

const PARAMETER = /^route\.request\.(multivalue)?(header|querystring)\.([A-Za-z0-9._$-]+)$/;

/** Beginnings of all of them, each with what it names. */
export const ROUTE_PARAMETERS: readonly (readonly [beginning: string, about: string])[] = [
  ['route.request.header.', 'header of the connect request'],
  ['route.request.querystring.', 'query parameter of the connect request'],
  ['route.request.multivalueheader.', 'all values of a header of the connect request'],
  ['route.request.multivaluequerystring.', 'all values of a query parameter of the connect request'],
];

/** Undefined for a text that is none. */
export function readRouteParameter(text: string): RouteParameter | undefined {
  const [, multivalue, location, name] = PARAMETER.exec(text) ?? [];
  if (name === undefined) return undefined;
  return {
    location: location === 'header' ? 'header' : 'querystring',
    isMultiValue: multivalue !== undefined,
    name,
  };
}

/** Parses a key of a route's request parameters. Throws GrammarError. */
export function parseRouteParameter(text: string): RouteParameter {
  const parameter = readRouteParameter(text);
  if (parameter === undefined) throw new GrammarError(`Invalid request parameter specified: ${text}`);
  return parameter;
}
