// The order in which routes are tried for a request (spec/http-api.md §2.2): the gateway's router says it by how it walks, this by
// comparing two keys.
import { parseHttpRouteKey, type Segment } from '../../../src/grammar/route-key.ts';
import type { RouteDocument } from './documents.ts';

/** Routes of an HTTP API: of two that match a request, the first is taken. */
export function byPriority(routes: readonly RouteDocument[]): readonly RouteDocument[] {
  return [...routes].sort((a, b) => compareKeys(a.routeKey, b.routeKey));
}

/** Routes of a WebSocket API: those of the connection's life, then by name. */
export function byName(routes: readonly RouteDocument[]): readonly RouteDocument[] {
  const rank = ({ routeKey }: RouteDocument): number => {
    const at = ['$connect', '$disconnect', '$default'].indexOf(routeKey);
    return at === -1 ? 1.5 : at;
  };
  return [...routes].sort((a, b) => rank(a) - rank(b) || a.routeKey.localeCompare(b.routeKey));
}

function compareKeys(a: string, b: string): number {
  const [left, right] = [parseHttpRouteKey(a), parseHttpRouteKey(b)];
  if (left.kind === 'default' || right.kind === 'default') {
    return Number(left.kind === 'default') - Number(right.kind === 'default');
  }
  return (
    Number(isGreedy(left.segments)) - Number(isGreedy(right.segments)) ||
    comparePaths(left.segments, right.segments) ||
    Number(left.method === 'ANY') - Number(right.method === 'ANY') ||
    left.method.localeCompare(right.method)
  );
}

const isGreedy = (segments: readonly Segment[]): boolean => segments.at(-1)?.kind === 'greedy';

const KINDS: readonly Segment['kind'][] = ['literal', 'parameter', 'greedy'];

function comparePaths(left: readonly Segment[], right: readonly Segment[]): number {
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [a, b] = [left[at], right[at]];
    // They match no request both; the shorter is read first.
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    const kinds = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    if (kinds !== 0) return kinds;
    if (a.kind === 'literal' && b.kind === 'literal' && a.text !== b.text)
      return a.text.localeCompare(b.text);
  }
  return 0;
}
