import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { GrammarError } from './grammar-error.ts';
import { parseHttpRouteKey, printRouteKey, type RouteKey, routeKeyShape, type Segment } from './route-key.ts';

const literal = (text: string): Segment => ({ kind: 'literal', text });
const parameter = (name: string): Segment => ({ kind: 'parameter', name });
const greedy = (name: string): Segment => ({ kind: 'greedy', name });
const route = (method: string, ...segments: Segment[]): RouteKey => ({ kind: 'route', method, segments });

const keys: readonly [source: string, text: string, key: RouteKey][] = [
  ['§2.1', '$default', { kind: 'default' }],
  ['§2.1', 'GET /', route('GET')],
  ['§2.5 R1 a', 'GET /pets/dog/1', route('GET', literal('pets'), literal('dog'), literal('1'))],
  ['§2.5 R1 b', 'GET /pets/dog/{id}', route('GET', literal('pets'), literal('dog'), parameter('id'))],
  ['§2.5 R1 c', 'GET /pets/{proxy+}', route('GET', literal('pets'), greedy('proxy'))],
  ['§2.5 R1 d', 'ANY /{proxy+}', route('ANY', greedy('proxy'))],
  ['§2.5 R2 f', 'GET /a/{x}/c', route('GET', literal('a'), parameter('x'), literal('c'))],
  [
    '§4.16',
    'POST /shop/{storeId}/{proxy+}',
    route('POST', literal('shop'), parameter('storeId'), greedy('proxy')),
  ],
  ['§2.1', 'PUT /{a.b:c-d_1}', route('PUT', parameter('a.b:c-d_1'))],
  ['§2.1', 'PATCH /a', route('PATCH', literal('a'))],
  ['§2.1', 'DELETE /a', route('DELETE', literal('a'))],
  ['§2.1', 'HEAD /a', route('HEAD', literal('a'))],
  ['§2.1', 'OPTIONS /a', route('OPTIONS', literal('a'))],
  ['C8', "GET /A0._~:,@!$&'()*+=;%-", route('GET', literal("A0._~:,@!$&'()*+=;%-"))],
];
for (const [source, text, key] of keys) {
  test(`${source}: ${text} is a route key`, () => {
    assert.deepEqual(parseHttpRouteKey(text), key);
    assert.equal(printRouteKey(key), text);
  });
}

const refused: readonly [source: string, text: string][] = [
  ['§2.1', ''],
  ['§2.1', '$connect'],
  ['§2.1', '$default '],
  ['§2.1', 'GET'],
  ['§2.1', 'GET '],
  ['§2.1', '/pets'],
  ['§2.1', 'GET pets'],
  ['§2.1', 'GET  /pets'],
  ['§2.1', ' GET /pets'],
  ['§2.1', 'get /pets'],
  ['§2.1', 'TRACE /pets'],
  ['§2.1', 'CONNECT /pets'],
  ['§2.1', 'GET /pets/'],
  ['§2.1', 'GET /pets//dog'],
  ['§2.1', 'GET //'],
  ['§2.1', 'GET /{proxy+}/x'],
  ['§2.1', 'GET /a{x}'],
  ['§2.1', 'GET /{x}a'],
  ['§2.1', 'GET /{}'],
  ['§2.1', 'GET /{+}'],
  ['§2.1', 'GET /{x'],
  ['§2.1', 'GET /x}'],
  ['§2.1', 'GET /{x++}'],
  ['C8', 'GET /a b'],
  ['C8', 'GET /a?b'],
  ['C8', 'GET /a#b'],
  ['C8', 'GET /ä'],
  ['C8', 'GET /a\n'],
  ['management-api §2.2.2', 'GET /{x}/{x}'],
  ['management-api §2.2.2', 'GET /{x}/{x+}'],
];
for (const [source, text] of refused) {
  test(`${source}: ${JSON.stringify(text)} is none`, () => {
    assert.throws(() => parseHttpRouteKey(text), {
      constructor: GrammarError,
      message:
        'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"',
    });
  });
}

const shapes: readonly [one: string, other: string, isEqual: boolean][] = [
  ['GET /orgs/{orgId}/s/{stageId}', 'GET /orgs/{orgId}/s/{stage_id}', true],
  ['GET /{a}', 'POST /{a}', false],
  ['GET /{a}', 'GET /{a+}', false],
  ['GET /{a}', 'GET /a', false],
  ['GET /a/{b}', 'GET /{a}/b', false],
  ['$default', '$default', true],
];
for (const [one, other, isEqual] of shapes) {
  test(`management-api §2.2.2: ${one} and ${other} have ${isEqual ? 'one shape' : 'two shapes'}`, () => {
    assert.equal(routeKeyShape(parseHttpRouteKey(one)) === routeKeyShape(parseHttpRouteKey(other)), isEqual);
  });
}

const name = fc.stringMatching(/^[\w.:-]{1,8}$/);
const segment = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._~:,@!$&'()*+=;%-]{1,8}$/).map(literal),
  name.map(parameter),
);
const key: fc.Arbitrary<RouteKey> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY'),
    segments: fc.array(segment, { maxLength: 6 }),
    last: fc.option(name.map(greedy), { nil: undefined }),
  })
  .map(({ method, segments, last }) => {
    const all = last === undefined ? segments : [...segments, last];
    const names = new Set<string>();
    const distinct = all.filter(
      (piece) => piece.kind === 'literal' || (!names.has(piece.name) && names.add(piece.name)),
    );
    return route(method, ...distinct);
  });

test('a printed key is parsed into itself', () => {
  fc.assert(
    fc.property(key, (tree) => {
      assert.deepEqual(parseHttpRouteKey(printRouteKey(tree)), tree);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('any text is a key that prints as it is, or refused', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('GET', 'ANY', ' ', '/', '{', '}', '+', 'a', 'b', '$default', '?', '%'))
      .map((pieces) => pieces.join('')),
    fc
      .array(fc.constantFrom('/', '{a}', '{b}', '{a+}', 'x', '{', '}'))
      .map((pieces) => `GET /${pieces.join('')}`),
  );
  fc.assert(
    fc.property(text, (given) => {
      let tree: RouteKey;
      try {
        tree = parseHttpRouteKey(given);
      } catch (error) {
        assert.ok(error instanceof GrammarError);
        return;
      }
      assert.equal(printRouteKey(tree), given);
    }),
    { numRuns: NUM_RUNS },
  );
});
