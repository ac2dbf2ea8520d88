import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { parseHttpRouteKey } from '../grammar/route-key.ts';
import { compileRouter, type Router } from './router.ts';

function routerOf(keys: readonly string[]): Router<string> {
  return compileRouter(keys.map((key) => ({ key: parseHttpRouteKey(key), route: key })));
}

const R1 = ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default'];
const R2 = ['GET /a/{x}/c', 'GET /a/b/{y}', 'ANY /a/b/c', 'POST /a/{x}/c', 'ANY /a/{p+}'];

const rows: readonly [
  source: string,
  routes: readonly string[],
  request: string,
  route: string | undefined,
  values?: string[],
][] = [
  ['§2.5#1', R1, 'GET /pets/dog/1', 'GET /pets/dog/1', []],
  ['§2.5#2', R1, 'GET /pets/dog/2', 'GET /pets/dog/{id}', ['2']],
  ['§2.5#3', R1, 'GET /pets/cat/1', 'GET /pets/{proxy+}', ['cat/1']],
  ['§2.5#4', R1, 'POST /test/5', 'ANY /{proxy+}', ['test/5']],
  ['§2.5#5', R1, 'POST /pets/dog/1', 'ANY /{proxy+}', ['pets/dog/1']],
  ['§2.5#6', R1, 'DELETE /', 'ANY /{proxy+}', ['']],
  ['§2.5#7', R1, 'GET /pets', 'ANY /{proxy+}', ['pets']],
  ['§2.5#8', R1, 'GET /pets/dog/1/', 'GET /pets/{proxy+}', ['dog/1/']],
  ['§2.5#9', R1, 'GET /Pets/dog/1', 'ANY /{proxy+}', ['Pets/dog/1']],
  ['§2.5#11', R2, 'GET /a/b/c', 'ANY /a/b/c', []],
  ['§2.5#12', R2, 'GET /a/b/d', 'GET /a/b/{y}', ['d']],
  ['§2.5#13', R2, 'GET /a/z/c', 'GET /a/{x}/c', ['z']],
  ['§2.5#14', R2, 'POST /a/z/c', 'POST /a/{x}/c', ['z']],
  ['§2.5#15', R2, 'PUT /a/z/c', 'ANY /a/{p+}', ['z/c']],
  ['§2.5#16', R2, 'GET /a', undefined],
  ['§2.5#17', R2, 'GET /a/', 'ANY /a/{p+}', ['']],
  ['§2.5#18', R2, 'HEAD /a/z/c', 'ANY /a/{p+}', ['z/c']],
  ['§2.5#20', ['GET /only'], 'POST /only', undefined],
  ['§2.5#24', ['GET /only'], 'GET /only/', undefined],
  ['§2.2(3)', ['$default', 'GET /x'], 'POST /x', '$default', []],
  [
    '§2.3(1) full beats longer greedy prefix',
    ['GET /pets/{proxy+}', 'GET /{a}/{b}'],
    'GET /pets/1',
    'GET /{a}/{b}',
    ['pets', '1'],
  ],
  ['§2.3(4) exact method before ANY', ['ANY /x/{i}', 'GET /x/{i}'], 'GET /x/1', 'GET /x/{i}', ['1']],
  ['§2.3 method mismatch', ['POST /x/y', 'GET /{a}/y'], 'GET /x/y', 'GET /{a}/y', ['x']],
  [
    '§2.3 backtracking',
    ['GET /a/{x}/c/d', 'GET /{p}/b/{q}/e'],
    'GET /a/b/c/e',
    'GET /{p}/b/{q}/e',
    ['a', 'c'],
  ],
  [
    '§2.3 greedy behind a variable',
    ['GET /a/{x}/{r+}', 'GET /{r+}'],
    'GET /a/1/2/3',
    'GET /a/{x}/{r+}',
    ['1', '2/3'],
  ],
  [
    '§2.3(2) literal first in greedy',
    ['GET /{x}/z/{r+}', 'GET /a/{r+}'],
    'GET /a/z/1',
    'GET /a/{r+}',
    ['z/1'],
  ],
  ['§2.6, Choice C13', ['ANY /{proxy+}', '$default'], 'TRACE /x', undefined],
  ['§2.4 a variable is never empty', ['GET /a/{x}'], 'GET /a/', undefined],
];

for (const [source, routes, request, route, values] of rows) {
  test(`${source}: ${request} → ${route ?? '404'}`, () => {
    const [method, path] = request.split(' ') as [string, string];
    const match = routerOf(routes).match(method, path);
    assert.equal(match?.route, route);
    if (match !== undefined) assert.deepEqual(match.values, values);
  });
}

test('the trie agrees with sorting all candidates by §2.3', () => {
  const word = fc.constantFrom('a', 'b', 'c');
  const segment = fc.oneof(word, fc.constantFrom('{x}', '{y}'));
  const key = fc
    .tuple(fc.constantFrom('GET', 'POST', 'ANY'), fc.array(segment, { maxLength: 3 }), fc.boolean())
    .map(([method, segments, greedy]) => {
      const named = segments.map((text, i) => (text.startsWith('{') ? `{v${i}}` : text));
      return `${method} /${[...named, ...(greedy ? ['{g+}'] : [])].join('/')}`;
    });
  const path = fc.tuple(fc.array(word, { maxLength: 4 }), fc.boolean()).map(([parts, slash]) => {
    const text = `/${parts.join('/')}`;
    return slash && text !== '/' ? `${text}/` : text;
  });
  fc.assert(
    fc.property(
      fc.array(key, { maxLength: 8 }),
      fc.constantFrom('GET', 'POST', 'PUT'),
      path,
      (keys, method, at) => {
        const expected = bestBySorting(keys, method, at);
        assert.equal(routerOf(keys).match(method, at)?.route, expected);
      },
    ),
    { numRuns: NUM_RUNS },
  );
});

/** §2.3, literally: filter the candidates, then compare them rule by rule. */
function bestBySorting(keys: readonly string[], method: string, path: string): string | undefined {
  const given = path.slice(1).split('/');
  const candidates = keys
    .map((key, order) => {
      const [of, template] = key.split(' ') as [string, string];
      const segments = template === '/' ? [] : template.slice(1).split('/');
      return { key, order, of, segments, greedy: segments.at(-1)?.endsWith('+}') === true };
    })
    .filter(({ of, segments, greedy }) => {
      if (of !== 'ANY' && of !== method) return false;
      const head = greedy ? segments.slice(0, -1) : segments;
      const parts = path === '/' && !greedy ? [] : given;
      if (greedy ? parts.length <= head.length : parts.length !== head.length) return false;
      return head.every((segment, i) => (segment.startsWith('{') ? parts[i] !== '' : segment === parts[i]));
    });
  const rank = (segment: string | undefined) =>
    segment === undefined ? 3 : segment.endsWith('+}') ? 2 : segment.startsWith('{') ? 1 : 0;
  candidates.sort((a, b) => {
    if (a.greedy !== b.greedy) return a.greedy ? 1 : -1;
    for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
      const difference = rank(a.segments[i]) - rank(b.segments[i]);
      if (difference !== 0) return difference;
    }
    if (a.of !== b.of) return a.of === 'ANY' ? 1 : -1;
    return a.order - b.order;
  });
  return candidates[0]?.key;
}
