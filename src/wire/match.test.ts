import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { matchOperation } from './match.ts';
import { operations } from './operation.ts';

// spec/management-api.md §1.2, §1.3
const matches: readonly (readonly [string, string, string, readonly string[], string])[] = [
  ['GET', '/v2/apis', 'GetApis', [], '§1.2'],
  ['POST', '/v2/apis', 'CreateApi', [], '§1.2'],
  ['PUT', '/v2/apis', 'ImportApi', [], '§1.2'],
  ['PUT', '/v2/apis/a1', 'ReimportApi', ['a1'], '§1.2'],
  ['PATCH', '/v2/apis/a1/routes/r1', 'UpdateRoute', ['a1', 'r1'], '§1.2'],
  [
    'GET',
    '/v2/apis/a1/stages/%24default',
    'GetStage',
    ['a1', '$default'],
    '§1.3: $default arrives as %24default',
  ],
  ['GET', '/v2/apis/a1/stages/$default', 'GetStage', ['a1', '$default'], '§1.3'],
  [
    'DELETE',
    '/v2/apis/a1/stages/s/routesettings/GET%20%2Fr',
    'DeleteRouteSettings',
    ['a1', 's', 'GET /r'],
    '§1.3: a route key arrives encoded',
  ],
  [
    'DELETE',
    '/v2/apis/a1/stages/s/routesettings/GET%20%2F%252F',
    'DeleteRouteSettings',
    ['a1', 's', 'GET /%2F'],
    '§1.3: decoded exactly once',
  ],
  ['DELETE', '/v2/apis/a1/stages/s/cache/authorizers', 'ResetAuthorizersCache', ['a1', 's'], '§1.2'],
  [
    'GET',
    '/v2/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fabc%2Fstages%2F%24default',
    'GetTags',
    ['arn:aws:apigateway:us-east-1::/apis/abc/stages/$default'],
    '§1.3: a tag ARN as one segment',
  ],
  [
    'POST',
    '/v2/tags/arn:aws:apigateway:us-east-1::/apis/abc/stages/%24default',
    'TagResource',
    ['arn:aws:apigateway:us-east-1::/apis/abc/stages/$default'],
    '§1.3: an ARN with literal : and /',
  ],
  ['GET', '/v2/apis/p%C3%A9', 'GetApi', ['pé'], '§1.3: UTF-8'],
];
for (const [method, path, name, labels, source] of matches) {
  test(`${method} ${path} is ${name} (spec/management-api.md ${source})`, () => {
    const match = matchOperation(method, path);
    assert.equal(match?.operation.name, name);
    assert.deepEqual(match?.labels, labels);
  });
}

// spec/management-api.md §1.5: unknown path or verb
const strangers: readonly (readonly [string, string])[] = [
  ['GET', '/'],
  ['GET', '/v2'],
  ['GET', '/v2/'],
  ['GET', '/v2/apis/'],
  ['GET', '/v2/apis//routes'],
  ['GET', '/v2/apis/a/routes/r/'],
  ['GET', '/v2/nothing'],
  ['GET', '/restapis'],
  ['GET', '/V2/apis'],
  ['PATCH', '/v2/apis'],
  ['HEAD', '/v2/apis'],
  ['get', '/v2/apis'],
  ['GET', '/v2/apis/a%2'],
  ['GET', '/v2/apis/%ff'],
  ['GET', '/v2/tags/'],
  ['GET', '/v2/tags'],
  ['GET', '/v2/apis/a/__proto__'],
  ['constructor', '/v2/apis'],
];
for (const [method, path] of strangers) {
  test(`${method} ${path} is no operation (spec/management-api.md §1.5)`, () => {
    assert.equal(matchOperation(method, path), undefined);
  });
}

test('every operation is found with any labels, encoded as the SDK encodes them', () => {
  const label = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
  fc.assert(
    fc.property(
      fc.constantFrom(...operations),
      fc.array(label, { minLength: 3, maxLength: 3 }),
      (operation, texts) => {
        let next = 0;
        const path = operation.path.replace(/\{\w+\}/g, () => encodeURIComponent(texts[next++]!));
        const match = matchOperation(operation.method, path);
        assert.equal(match?.operation, operation);
        assert.deepEqual(match?.labels, texts.slice(0, operation.labels.length));
      },
    ),
    { numRuns: NUM_RUNS },
  );
});

test('no path makes matching throw', () => {
  const segment = fc.oneof(
    fc.constantFrom('v2', 'apis', 'tags', 'stages', 'routesettings', '', '%', '%zz', '%C3', '..'),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
      matchOperation('GET', `/${segments.join('/')}`);
      matchOperation('DELETE', `/v2/${segments.join('/')}`);
    }),
    { numRuns: NUM_RUNS },
  );
});
