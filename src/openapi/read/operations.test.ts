// Paths, operations and base paths (spec/openapi.md §6, §14.3, §14.6, §14.1 row 9).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, H, HEAD, L, read, textsOf, withPaths } from './documents.test.support.ts';

const INT = `x-amazon-apigateway-integration: ${flow(L)}`;
const R = `responses: {default: {description: d}}, ${INT}`;
const ANY = 'x-amazon-apigateway-any-method';
const PARAMETER = 'parameters: [{name: petId, in: path, required: true, schema: {type: string}}]';

const ROUTES: readonly (readonly [citation: string, paths: string, routeKeys: readonly string[]])[] = [
  ['row 28', `"/pets/{petId}": {get: {${PARAMETER}, ${R}}}`, ['GET /pets/{petId}']],
  ['row 30', `"/{proxy+}": {${ANY}: {${INT}}}`, ['ANY /{proxy+}']],
  ['row 32', `/a: {${ANY}: {${INT}}, get: {${R}}}`, ['GET /a', 'ANY /a']],
  ['row 33', `/$default: {${ANY}: {isDefaultRoute: true, ${INT}}}`, ['$default']],
  ['row 34', `$default: {${ANY}: {isDefaultRoute: true, ${INT}}}`, ['$default']],
  ['Choice O34', `$default: {${ANY}: {${INT}}}`, ['$default']],
  ['row 35', `/$default: {${ANY}: {${INT}}}`, ['ANY /$default']],
  ['row 36', `/x: {${ANY}: {isDefaultRoute: true, ${INT}}}`, ['$default']],
  ['Choice O38', `/x: {${ANY}: {isDefaultRoute: "true", ${INT}}}`, ['$default']],
  ['the flag of an any-method alone', `/x: {get: {isDefaultRoute: true, ${R}}}`, ['GET /x']],
  ['row 37', `/events/: {get: {${R}}}`, ['GET /events/']],
  ['row 38', `pets: {get: {${R}}}`, ['GET pets']],
  ['row 39', `/a: {trace: {${R}}}`, ['TRACE /a']],
  ['row 40', `/a: {POST: {${R}}, any: {${R}}, default: {${R}}}`, []],
  ['row 42', '/a: {}', []],
  ['row 43', '/a: {get: {}}', ['GET /a']],
  ['§6.1(7)', `x-a: {get: {${R}}}, /b: {get: {${R}}}`, ['GET /b']],
  ['no objects', `/a: {get: x, put: }, /b: [], /c: `, []],
  [
    '§6.1(10)',
    `/b: {patch: {}, head: {}, options: {}, ${ANY}: {}, delete: {}, post: {}, put: {}, trace: {}, get: {}}, /a: {get: {}}`,
    [
      'GET /b',
      'PUT /b',
      'POST /b',
      'DELETE /b',
      'OPTIONS /b',
      'HEAD /b',
      'PATCH /b',
      'TRACE /b',
      'ANY /b',
      'GET /a',
    ],
  ],
];

test('every operation is a route', async () => {
  for (const [citation, paths, routeKeys] of ROUTES) {
    const { operations } = await read(withPaths(paths));
    assert.deepEqual(
      operations.map(({ routeKey }) => routeKey),
      routeKeys,
      citation,
    );
  }
});

test('row 43: an operation without integration has no target', async () => {
  const { operations } = await read(withPaths('/a: {get: {}}'));
  assert.deepEqual(operations, [
    {
      routeKey: 'GET /a',
      offset: `${HEAD}paths: {/a: {`.length,
      operationName: undefined,
      authorization: { kind: 'none' },
      integration: undefined,
      documentation: undefined,
    },
  ]);
});

const NAMES: readonly (readonly [citation: string, operationId: string, name: string | undefined])[] = [
  ['row 27', '"GET HTTP"', 'GET HTTP'],
  ['Choice O33', 'x'.repeat(64), 'x'.repeat(64)],
  ['row 45', 'x'.repeat(65), undefined],
  ['Choice O38', '1.0', '1.0'],
  ['no text', '[a]', undefined],
];

test('operationId is the name of the operation', async () => {
  for (const [citation, operationId, name] of NAMES) {
    const { operations } = await read(withPaths(`/a: {get: {operationId: ${operationId}, ${R}}}`));
    assert.equal(operations[0]!.operationName, name, citation);
  }
});

test('a document without paths, or with none that can be read, has no operations', async () => {
  for (const text of [HEAD, `${HEAD}paths: {}`, `${HEAD}paths: []`, `${HEAD}paths:`]) {
    assert.deepEqual((await read(text)).operations, [], text);
  }
});

const ABC = '[{url: "https://x/{basePath}", variables: {basePath: {default: "/a/b/c"}}}]';
const ofBase = (value: string): string => `[{url: "https://x", variables: {basePath: {default: ${value}}}}]`;

const BASE_PATHS: readonly (readonly [citation: string, servers: string, prepend: string, split: string])[] =
  [
    ['rows 97, 98', ABC, '/a/b/c', '/b/c'],
    ['row 99', ofBase('example/path'), '/example/path', '/path'],
    ['row 100', '[{url: "https://x/v1"}]', '/v1', ''],
    ['row 101', `[${ofBase('/p').slice(1, -1)}, ${ofBase('/q').slice(1, -1)}]`, '/p', ''],
    ['Choice O13', '[{url: /u}, {url: /v, variables: {basePath: {default: /w}}}]', '/w', ''],
    ['§6.3(4)', ofBase('""'), '', ''],
    ['§6.3(4)', ofBase('/'), '', ''],
    ['§6.3(7)', '[{url: /v1}]', '/v1', ''],
    [
      '§6.3(7)',
      '[{url: "https://{h}/{stage}/v1", variables: {h: {default: a.b}, stage: {default: prod}}}]',
      '/prod/v1',
      '/v1',
    ],
    ['§6.3(7)', '[{url: "{scheme}://x/v1?a=/b#/c", variables: {scheme: {default: https}}}]', '/v1', ''],
    ['§6.3(8)', '[{url: "https://x/v1/v2/"}]', '/v1/v2', '/v2'],
    ['no path', '[{url: "https://x"}]', '', ''],
    ['no url', '[{}]', '', ''],
    ['no servers', '[]', '', ''],
    ['no list', '{url: /v1}', '', ''],
  ];

test('rows 96 to 101: the base path goes in front of every path, as it is asked for', async () => {
  for (const [citation, servers, prepend, split] of BASE_PATHS) {
    const text = withPaths(`/e: {get: {${R}}}, /: {get: {${R}}}`, `servers: ${servers}`);
    for (const [mode, before] of [
      ['ignore', ''],
      ['prepend', prepend],
      ['split', split],
    ] as const) {
      const { operations } = await read(text, mode);
      const expected = [`GET ${before}/e`, `GET ${before === '' ? '/' : before}`];
      assert.deepEqual(
        operations.map(({ routeKey }) => routeKey),
        expected,
        `${citation}, ${mode}`,
      );
    }
  }
});

test('row 102: default routes and paths without slash have no base path', async () => {
  const paths = [
    `/$default: {${ANY}: {isDefaultRoute: true, ${INT}}}`,
    `/x: {${ANY}: {isDefaultRoute: true, ${INT}}}`,
    `pets: {get: {${R}}}`,
  ];
  const { operations } = await read(withPaths(paths.join(', '), `servers: ${ABC}`), 'prepend');
  assert.deepEqual(
    operations.map(({ routeKey }) => routeKey),
    ['$default', '$default', 'GET pets'],
  );
});

test('a base path that would make every route long is an error', async () => {
  const text = withPaths(`/a: {get: {${R}}}`, `servers: ${ofBase('x'.repeat(2_049))}`);
  assert.equal((await read(text)).operations.length, 1);
  await assert.rejects(read(text, 'prepend'), {
    message: 'Invalid OpenAPI input.',
    detail: 'a base path has at most 2048 characters',
  });
});

test('places in warnings and info show paths as they are written', async () => {
  const { info, warnings } = await read(
    withPaths(
      `/a: {get: {responses: {}}}, b: {${ANY}: {x-amazon-apigateway-integration: ${flow(H)}}}`,
      `servers: ${ABC}`,
    ),
    'prepend',
  );
  assert.deepEqual(textsOf(info), ['paths./a.get: key [responses] will be ignored by API Gateway']);
  assert.deepEqual(textsOf(warnings), ['Parse issue: attribute paths. Resource b should start with /']);
});
