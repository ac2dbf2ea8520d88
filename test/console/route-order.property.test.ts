// The order in which the console shows routes is that in which the gateway's router tries them (spec/http-api.md §2.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byPriority } from '../../console/src/api/route-order.ts';
import { parseHttpRouteKey } from '../../src/grammar/route-key.ts';
import { compileRouter } from '../../src/http-api/router.ts';
import { NUM_RUNS } from '../support/num-runs.ts';

const METHODS = ['GET', 'POST', 'ANY'];
const SEGMENTS = ['a', 'b', '{x}', '{y}'];

const routeKey = fc
  .tuple(
    fc.constantFrom(...METHODS),
    fc.array(fc.constantFrom(...SEGMENTS), { maxLength: 3 }),
    fc.constantFrom('', '', '{rest+}'),
  )
  .map(([method, segments, rest]) => {
    // A name stands once in a key.
    const named = segments.map((segment, at) => (segment.startsWith('{') ? `{v${at}}` : segment));
    return `${method} /${[...named, ...(rest === '' ? [] : [rest])].join('/')}`;
  });
const routeKeys = fc.uniqueArray(
  fc.oneof({ weight: 9, arbitrary: routeKey }, { weight: 1, arbitrary: fc.constant('$default') }),
  {
    minLength: 1,
    maxLength: 8,
  },
);
const asked = fc.tuple(
  fc.constantFrom('GET', 'POST'),
  fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }),
);

test('of the routes that match a request, the router takes the one that stands first', () => {
  fc.assert(
    fc.property(routeKeys, asked, (keys, [method, segments]) => {
      const path = `/${segments.join('/')}`;
      const taken = (of: readonly string[]) =>
        compileRouter(of.map((key) => ({ key: parseHttpRouteKey(key), route: key }))).match(method, path)
          ?.route;
      const ordered = byPriority(keys.map((key) => ({ routeId: key, routeKey: key }))).map(
        (route) => route.routeKey,
      );
      const first = ordered.find((key) => taken([key]) !== undefined);
      assert.equal(taken(keys), first, `${method} ${path} of ${ordered.join(', ')}`);
    }),
    { numRuns: NUM_RUNS },
  );
});
