// Route keys of HTTP APIs: `$default` or `METHOD /path` (spec/http-api.md §2.1, Choice C8; management-api.md §2.2.2).
import { unreachable } from '../defect.ts';
import { GrammarError } from './grammar-error.ts';

export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

export type RouteKey =
  | { readonly kind: 'default' }
  | { readonly kind: 'route'; readonly method: string; readonly segments: readonly Segment[] };

const MALFORMED =
  'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"';

const KEY = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (\/.*)$/s;
const VARIABLE = /^\{([\w.:-]+)(\+?)\}$/;
const LITERAL = /^[A-Za-z0-9._~:,@!$&'()*+=;%-]+$/;

/** Parses a route key. Throws GrammarError with AWS's text. `/` has no segments. */
export function parseHttpRouteKey(text: string): RouteKey {
  if (text === '$default') return { kind: 'default' };
  const match = KEY.exec(text);
  if (match === null) throw new GrammarError(MALFORMED);
  const [, method, path] = match as unknown as [string, string, string];
  if (path === '/') return { kind: 'route', method, segments: [] };
  const segments: Segment[] = [];
  const names = new Set<string>();
  const pieces = path.slice(1).split('/');
  for (const [i, piece] of pieces.entries()) {
    const variable = VARIABLE.exec(piece);
    if (variable === null) {
      if (!LITERAL.test(piece)) throw new GrammarError(MALFORMED);
      segments.push({ kind: 'literal', text: piece });
      continue;
    }
    const [, name, plus] = variable as unknown as [string, string, string];
    if (names.has(name) || (plus === '+' && i !== pieces.length - 1)) throw new GrammarError(MALFORMED);
    names.add(name);
    segments.push({ kind: plus === '+' ? 'greedy' : 'parameter', name });
  }
  return { kind: 'route', method, segments };
}

export function printRouteKey(key: RouteKey): string {
  return key.kind === 'default' ? '$default' : `${key.method} /${key.segments.map(printSegment).join('/')}`;
}

/** Equal for keys that differ in nothing but the names of their variables. */
export function routeKeyShape(key: RouteKey): string {
  if (key.kind === 'default') return '$default';
  const shape = key.segments.map((segment) =>
    segment.kind === 'literal' ? segment.text : segment.kind === 'parameter' ? '{}' : '{+}',
  );
  return `${key.method} /${shape.join('/')}`;
}

function printSegment(segment: Segment): string {
  switch (segment.kind) {
    case 'literal':
      return segment.text;
    case 'parameter':
      return `{${segment.name}}`;
    case 'greedy':
      return `{${segment.name}+}`;
    default:
      unreachable(segment);
  }
}
