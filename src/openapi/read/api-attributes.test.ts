// What a document says of the API as a whole (spec/openapi.md §3.1 to §3.4, §14.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEAD, read, textsOf } from './documents.test.support.ts';

const doc = (info: string, ...members: readonly string[]): string =>
  ['openapi: "3.0.1"', `info: ${info}`, 'paths: {}', ...members].join('\n');
const servers = (...entries: readonly string[]): string =>
  `${HEAD}paths: {}\nservers: [${entries.join(', ')}]`;
const endpoint = (members: string, url = ''): string =>
  `{${url}x-amazon-apigateway-endpoint-configuration: ${members}}`;

const API: readonly (readonly [citation: string, text: string, api: object])[] = [
  [
    'row 10',
    doc('{title: Shop, description: d, version: v9}'),
    { Name: 'Shop', Description: 'd', Version: 'v9' },
  ],
  ['row 11', doc('{title: Shop, version: 2.0}'), { Name: 'Shop', Version: '2.0' }],
  ['row 12', doc('{title: Shop}'), { Name: 'Shop' }],
  ['rows 13, 14', doc('{version: "1"}'), { Version: '1' }],
  ['null is nothing', doc('{title: Shop, description: , version: null}'), { Name: 'Shop' }],
  ['Choice O11', doc('{title: {a: 1}, version: true}'), { Name: { a: 1 }, Version: 'true' }],
  ['no info', 'openapi: "3.0.1"', {}],
  [
    'row 15',
    servers(endpoint('{disableExecuteApiEndpoint: true}')),
    { Name: 'T', Version: '1', DisableExecuteApiEndpoint: true },
  ],
  [
    'Choice O38',
    servers(endpoint('{disableExecuteApiEndpoint: "false"}')),
    { Name: 'T', Version: '1', DisableExecuteApiEndpoint: false },
  ],
  [
    'row 16',
    servers(endpoint('{ipAddressType: dualstack}', 'url: "https://x", ')),
    { Name: 'T', Version: '1', IpAddressType: 'dualstack' },
  ],
  ['§3.2(1)', servers(endpoint('{vpcEndpointIds: [v]}')), { Name: 'T', Version: '1' }],
  [
    'row 17',
    servers('{url: "https://x"}', endpoint('{disableExecuteApiEndpoint: true}')),
    { Name: 'T', Version: '1' },
  ],
];

test('members of the API are those of info and of the first server', async () => {
  for (const [citation, text, api] of API) assert.deepEqual((await read(text)).api, api, citation);
});

test('several servers are warned of, after root security', async () => {
  const { warnings } = await read(`${servers('{url: /a}', '{url: /b}')}\nsecurity: [{jwt: []}]`);
  assert.deepEqual(textsOf(warnings), [
    'Root level security is not supported by API Gateway. Ignoring.',
    'More than one server provided. Ignoring all but the first for defining endpoint configuration',
  ]);
  assert.deepEqual((await read(servers('{url: /a}'))).warnings, []);
});

const TAGS: readonly (readonly [
  citation: string,
  tags: string,
  read: readonly (readonly [string, unknown])[],
])[] = [
  [
    'row 18',
    '[{name: Owner, x-amazon-apigateway-tag-value: Admin}, {name: pets, description: d}]',
    [
      ['Owner', 'Admin'],
      ['pets', ''],
    ],
  ],
  ['row 20', '[{name: "aws:x"}]', [['aws:x', '']]],
  [
    'Choice O15, no text',
    '[{name: a, x-amazon-apigateway-tag-value: [b]}, {name: c, x-amazon-apigateway-tag-value: null}]',
    [
      ['a', ['b']],
      ['c', ''],
    ],
  ],
  [
    '§3.3(5)',
    '[{name: a, x-amazon-apigateway-tag-value: 1}, {name: b}, {name: a, x-amazon-apigateway-tag-value: 2.0}]',
    [
      ['a', '2.0'],
      ['b', ''],
    ],
  ],
  ['Choice O15', '[{description: d}, a, {name: 7}]', [['7', '']]],
  ['no list', '{name: a}', []],
];

test('entries of tags with a name are tags, the last of a name', async () => {
  for (const [citation, tags, expected] of TAGS) {
    const { tags: found } = await read(`${HEAD}paths: {}\ntags: ${tags}`);
    assert.deepEqual(
      found.map(({ key, value }) => [key, value]),
      expected,
      citation,
    );
  }
});

const CORS: readonly (readonly [citation: string, cors: string, given: unknown])[] = [
  [
    'row 21',
    '{allowOrigins: ["*"], allowMethods: [GET, OPTIONS, POST]}',
    { AllowMethods: ['GET', 'OPTIONS', 'POST'], AllowOrigins: ['*'] },
  ],
  ['row 22', '{allow_methods: [delete], allow_origins: ["https://a.com"]}', undefined],
  [
    'row 23',
    '{allowOrigins: ["*"], allowCredentials: true}',
    { AllowCredentials: true, AllowOrigins: ['*'] },
  ],
  [
    'row 24',
    '{maxAge: "300", allowOrigins: ["https://a.com"]}',
    { AllowOrigins: ['https://a.com'], MaxAge: 300 },
  ],
  [
    '§3.4(1)',
    '{exposeHeaders: [x], allowHeaders: [X-A, b]}',
    { AllowHeaders: ['X-A', 'b'], ExposeHeaders: ['x'] },
  ],
  ['Choice O38, not exact', '{maxAge: "3e2"}', { MaxAge: '3e2' }],
  ['Choice O16, no object', 'true', true],
  ['Choice O16, no object', '["*"]', ['*']],
  ['nothing', 'null', undefined],
];

test('CORS has the members that are there in their own spelling', async () => {
  for (const [citation, cors, given] of CORS) {
    const text = `${HEAD}paths: {}\nx-amazon-apigateway-cors: ${cors}`;
    const definition = await read(text);
    const offset = text.length - cors.length;
    assert.deepEqual(definition.cors, given === undefined ? undefined : { given, offset }, citation);
    assert.deepEqual(definition.warnings, [], citation);
  }
});
