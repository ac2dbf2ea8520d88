// `renderTemplate` and `selectRoute` of `postern/testing`; templates and routers themselves have tables of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValues } from './render-template.ts';
import { type RoutedMessage, type RoutedRequest, selectRoute } from './select-route.ts';

const TEMPLATES: readonly (readonly [
  name: string,
  template: string,
  values: TemplateValues,
  output: string,
])[] = [
  ['a member of the payload', "$input.path('$.name')", { body: { name: 'rex' } }, 'rex'],
  ['a payload as text', "$input.json('$')", { body: '{"a":1}' }, '{"a":1}'],
  [
    '$context',
    '$context.connectionId $context.authorizer.user',
    { context: { connectionId: 'c', authorizer: { user: 'u' } } },
    'c u',
  ],
  ['$stageVariables', '${stageVariables.env}', { stageVariables: { env: 'blue' } }, 'blue'],
  ['what is not there is empty (§5.7)', '$context.nothing|$nothing', {}, '|'],
];

for (const [name, template, values, output] of TEMPLATES) {
  test(`a template: ${name}`, () => assert.equal(renderTemplate(template, values).output, output));
}

test('what a template sets in the overrides is told (§5.7.5)', () => {
  const { requestOverride, responseOverride } = renderTemplate(
    '#set($context.requestOverride.header.a = "1")#set($context.responseOverride.status = 418)',
  );
  assert.deepEqual(requestOverride, { header: { a: '1' }, querystring: {}, path: {} });
  assert.deepEqual(responseOverride, { header: {}, status: 418 });
});

test('what is wrong with a template is said', () => {
  assert.throws(() => renderTemplate('#if($a)'), /#if|#end/);
  assert.throws(() => renderTemplate('', { context: [] as unknown as Record<string, unknown> }), TypeError);
});

const KEYS = ['GET /pets/{id}', 'GET /pets/mine', 'ANY /{proxy+}', '$default'];

const ROUTES: readonly (readonly [
  name: string,
  keys: readonly string[],
  request: RoutedRequest | RoutedMessage,
  found: unknown,
])[] = [
  [
    'a literal goes before a variable (§2.3)',
    KEYS,
    { path: '/pets/mine?a=1' },
    { routeKey: 'GET /pets/mine', pathParameters: {} },
  ],
  [
    'a variable is decoded',
    KEYS,
    { path: '/pets/a%20b' },
    { routeKey: 'GET /pets/{id}', pathParameters: { id: 'a b' } },
  ],
  [
    'a greedy one takes what is left',
    KEYS,
    { method: 'POST', path: '/pets/1/x' },
    { routeKey: 'ANY /{proxy+}', pathParameters: { proxy: 'pets/1/x' } },
  ],
  ['nothing fits', ['GET /a'], { path: '/b' }, undefined],
  ['a path that leaves itself has no route', KEYS, { path: '/a/../b' }, undefined],
  [
    'a message by its action',
    ['join', '$default'],
    { message: { action: 'join' } },
    { routeKey: 'join', pathParameters: {} },
  ],
  [
    'a message of no route',
    ['join', '$default'],
    { message: 'hello' },
    { routeKey: '$default', pathParameters: {} },
  ],
  ['a message without $default', ['join'], { message: { action: 'leave' } }, undefined],
  [
    'routes of events are none of messages (§2.2.6)',
    ['$connect', '$default'],
    { message: { action: '$connect' } },
    { routeKey: '$default', pathParameters: {} },
  ],
  [
    'another expression',
    ['v1/join'],
    { message: { a: { b: 'join' } }, routeSelectionExpression: 'v1/${request.body.a.b}' },
    { routeKey: 'v1/join', pathParameters: {} },
  ],
];

for (const [name, keys, request, found] of ROUTES) {
  test(`a route: ${name}`, () => assert.deepEqual(selectRoute(keys, request), found));
}

const WRONG: readonly (readonly [
  name: string,
  keys: readonly string[],
  request: RoutedRequest | RoutedMessage,
  message: RegExp,
])[] = [
  ['a route key', ['pets'], { path: '/' }, /^The provided route key is not formatted properly/],
  [
    'two of one shape',
    ['GET /{a}', 'GET /{b}'],
    { path: '/' },
    /^Route with key GET \/\{b\} already exists for this API$/,
  ],
  ['two of one key', ['a', 'a'], { message: '' }, /^Route with key a already exists for this API$/],
  [
    'an expression',
    ['a'],
    { message: '', routeSelectionExpression: '$context.a' },
    /^Invalid routeSelectionExpression$/,
  ],
];

for (const [name, keys, request, message] of WRONG) {
  test(`what is wrong is said: ${name}`, () => {
    assert.throws(() => selectRoute(keys, request), { message });
  });
}
