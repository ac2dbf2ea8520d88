// Where an HTTP integration's requests go, with the stage's variables put into its URI (spec/http-api.md §3.2).
import type { IntegrationConfig } from '../config/http-api.ts';
import { unreachable } from '../defect.ts';
import type { RouteKey } from '../grammar/route-key.ts';
import { compileUriPath, type UriPathPart } from '../http-api/mapping/path-value.ts';
import type { ProxyTarget } from '../http-api/mapping/request-plan.ts';
import type { Origin } from '../net/upstream/upstream.ts';

export interface ResolvedTarget extends ProxyTarget {
  readonly origin: Origin;
}

// Path variables travel through the splitting of the URI between these two, which no URI contains.
const OPEN = '\u0000';
const CLOSE = '\u0001';

/** The target of a route's requests, or the sentence that says why there is none: every request is answered with 500
 *  then (Choice C14). Stage variables may stand anywhere behind the scheme;
 *  path variables are put into the path alone. */
export function resolveTarget(
  config: IntegrationConfig & { kind: 'http' },
  key: RouteKey,
  variableNames: readonly string[],
  stageVariables: ReadonlyMap<string, string>,
): ResolvedTarget | string {
  let text = '';
  for (const part of config.uri.parts) {
    if (part.kind === 'literal') text += part.text;
    else if (part.kind === 'pathVariable') text += `${OPEN}${part.name}${CLOSE}`;
    else if (part.kind === 'stageVariable') {
      const value = stageVariables.get(part.name);
      // In the query it is empty text.
      if (value === undefined && !text.includes('?')) {
        return `The stage variable ${part.name} in the integration URI is not defined`;
      }
      text += value ?? '';
    } else unreachable(part);
  }
  const url = readUrl(text);
  if (typeof url === 'string') return url;
  const { origin, path, query } = url;
  const greedy = key.kind === 'route' ? key.segments.at(-1) : undefined;
  const greedyName = greedy?.kind === 'greedy' ? greedy.name : undefined;
  return {
    method: config.method,
    origin,
    host: url.host,
    path: compileUriPath(split(path), variableNames, greedyName, key.kind === 'default'),
    query: query.replaceAll(OPEN, '{').replaceAll(CLOSE, '}'),
  };
}

export interface BackendUrl {
  readonly origin: Origin;
  /** Ready for the Host line: host and non-default port. */
  readonly host: string;
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
}

/** The parts of an http or https URL as written, or the sentence that says why it is none. */
export function readUrl(text: string): BackendUrl | string {
  const match = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(text);
  if (match === null) return 'The integration URI is not an http or https URL';
  const [, scheme, authority, path, query] = match;
  const origin = originOf(scheme!.toLowerCase() === 'https', authority!);
  if (origin === undefined)
    return `The integration URI has no usable host: ${authority!.replace(/[\u0000\u0001]/g, '')}`;
  const host = isDefaultPort(origin) ? bracketed(origin.host) : `${bracketed(origin.host)}:${origin.port}`;
  return { origin, host, path: path!, query: query ?? '' };
}

function originOf(secure: boolean, authority: string): Origin | undefined {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::([0-9]{1,5}))?$/.exec(authority);
  if (match === null) return undefined;
  const port = match[2] === undefined ? (secure ? 443 : 80) : Number(match[2]);
  if (port < 1 || port > 65_535) return undefined;
  return { secure, host: match[1]!.replace(/^\[|\]$/g, '').toLowerCase(), port };
}

function isDefaultPort({ secure, port }: Origin): boolean {
  return port === (secure ? 443 : 80);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function split(text: string): UriPathPart[] {
  const parts: UriPathPart[] = [];
  for (const piece of text.split(OPEN)) {
    const close = piece.indexOf(CLOSE);
    if (close >= 0) parts.push({ kind: 'variable', name: piece.slice(0, close) });
    const literal = piece.slice(close + 1);
    if (literal !== '' || parts.length === 0) parts.push({ kind: 'literal', text: literal });
  }
  return parts;
}
