// What a text is, and what the parts of a document beside its paths become (spec/openapi.md §14.1, §14.2).
import type { ImportCase } from './openapi-case.ts';
import {
  any,
  doc,
  F,
  FI,
  getA,
  H,
  ignored,
  int,
  L,
  type Members,
  parseIssue,
  SEVERAL_SERVERS,
  to,
} from './openapi-language.ts';

const A = { 'GET /a': to(L) };
const RESPONSES = ignored('paths./a.get', 'responses');
const VERSION = 'Unable to build importer with provided input. Unable to determine OAS version';
const INVALID = { message: 'Invalid OpenAPI input.' };

/** `GET /a` as YAML, its own root members in front. */
const yaml = (root: string, integration = `uri: ${FI}, payloadFormatVersion: "2.0"`): string => `${root}
paths:
  /a:
    get:
      responses: {default: {description: d}}
      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, ${integration}}
`;
const INFO = 'info: {title: T, version: "1"}';

const text: readonly ImportCase[] = [
  { row: 1, name: 'a JSON document', document: getA(L), made: { routes: A } },
  {
    row: 2,
    name: 'the same as YAML, its start marked',
    document: yaml(`---\nopenapi: 3.0.1\n${INFO}`),
    made: { routes: A, info: [RESPONSES] },
  },
  ...['3.0', '3.0.3'].map(
    (version): ImportCase => ({
      row: 2,
      name: `version ${version}`,
      choices: ['O7'],
      document: getA(L, { openapi: version }),
      made: { routes: A },
    }),
  ),
  ...['3.1.0', '2.9', '3', '3.0.x'].map(
    (version): ImportCase => ({
      row: 3,
      name: `version ${version}`,
      choices: ['O7'],
      document: getA(L, { openapi: version }),
      refused: { message: `${VERSION} from '${version}'` },
    }),
  ),
  {
    row: 4,
    name: 'swagger 2.0',
    choices: ['O7'],
    document: getA(L, { openapi: undefined, swagger: '2.0' }),
    refused: { message: VERSION },
  },
  {
    row: 4,
    name: 'no version',
    choices: ['O7'],
    document: '{"info": {}, "paths": {}}',
    refused: { message: VERSION },
  },
  {
    row: 5,
    name: 'JSON that is cut off',
    choices: ['O8'],
    document: '{"openapi": "3.0.1",',
    refused: INVALID,
  },
  ...[
    [
      'a path twice, in JSON',
      '{"openapi":"3.0.1","info":{"title":"T","version":"1"},"paths":{"/a":{},"/a":{}}}',
    ],
    ['a path twice, in YAML', `openapi: 3.0.1\n${INFO}\npaths:\n  /a: {}\n  /a: {}\n`],
    ['a list', '[]'],
    ['nothing but a remark, in YAML', '# nothing'],
    ['several YAML documents', `openapi: 3.0.1\n${INFO}\npaths: {}\n---\na: 1\n`],
    ['a tag of one’s own', `openapi: 3.0.1\n${INFO}\npaths: {/a: !Ref b}\n`],
  ].map(
    ([name, document]): ImportCase => ({
      row: 5,
      name: name!,
      choices: ['O8'],
      document: document!,
      refused: INVALID,
    }),
  ),
  ...[
    ['an envelope without document', '{}'],
    ['an empty document', '{"body":""}'],
    ['a document without envelope', JSON.stringify(getA(L))],
  ].map(
    ([name, body]): ImportCase => ({
      row: 6,
      name: name!,
      choices: ['O8'],
      document: '',
      altered: (request) => {
        request.body = body!;
      },
      refused: INVALID,
    }),
  ),
  {
    row: 6,
    name: 'a document that is no string',
    choices: ['O8'],
    document: '',
    altered: (request) => {
      request.body = '{"body":{}}';
    },
    refused: { name: 'SerializationException' },
  },
  ...(['"1.0"', '1.0', '1'] as const).map(
    (version): ImportCase => ({
      row: 7,
      name: `import/export version ${version}`,
      choices: ['O17'],
      document: yaml(`openapi: 3.0.1\n${INFO}\nx-amazon-apigateway-importexport-version: ${version}`),
      made: { routes: A, info: [RESPONSES] },
    }),
  ),
  {
    row: 7,
    name: 'import/export version 2.0',
    choices: ['O17'],
    document: getA(L, { 'x-amazon-apigateway-importexport-version': '2.0' }),
    refused: { message: 'Unsupported x-amazon-apigateway-importexport-version: 2.0' },
  },
  {
    row: 8,
    name: 'the three variables of AWS',
    choices: ['O9'],
    document: getA({
      ...L,
      uri: 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:f',
      description: '${AWS::region} ${aws::Region} ${stageVariables.a}',
    }),
    made: {
      routes: {
        'GET /a': to({ ...L, uri: F, description: '${AWS::region} ${aws::Region} ${stageVariables.a}' }),
      },
    },
  },
  {
    row: 9,
    name: 'extensions of others',
    document: doc(
      {
        '/a': { get: int({ ...L, 'x-foo': 1 }, { 'x-foo': { a: 1 } }), 'x-foo': { a: 1 } },
        'x-foo': { a: 1 },
      },
      { 'x-foo': { a: 1 }, components: { 'x-foo': { a: 1 } } },
    ),
    made: { routes: A },
  },
  ...[98, 101].map(
    (levels): ImportCase => ({
      row: 143,
      name: `${levels} levels in a member of the root`,
      choices: ['O6'],
      document: JSON.stringify(getA(L, { 'x-deep': 'here' })).replace('"here"', nested(levels)),
      ...(levels < 100 ? { made: { routes: A, info: [RESPONSES] } } : { refused: INVALID }),
    }),
  ),
  {
    row: 143,
    name: 'aliases that expand without end',
    choices: ['O6'],
    document: yaml(`openapi: 3.0.1\n${INFO}\n${bomb()}`),
    refused: INVALID,
  },
  ...[0, 1].map(
    (more): ImportCase => ({
      row: 143,
      name: more === 0 ? 'a document of 6 MiB' : 'a document of 6 MiB and a byte',
      choices: ['O4'],
      document: padded(6 * 1024 * 1024 + more),
      ...(more === 0
        ? { made: { routes: A, info: [RESPONSES] } }
        : { refused: { message: 'The OpenAPI definition exceeds the maximum size of 6 MB' } }),
    }),
  ),
];

/** Lists in lists. */
function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

/** Aliases of aliases: a hundred million values in some hundred bytes. */
function bomb(): string {
  const level = (i: number): string =>
    `  l${i}: &l${i} [${Array(10)
      .fill(`*l${i - 1}`)
      .join(', ')}]`;
  return ['x-bomb:', '  l0: &l0 lol', ...Array.from({ length: 8 }, (_, i) => level(i + 1))].join('\n');
}

/** A document of so many bytes. */
function padded(bytes: number): string {
  const of = (pad: string): string => JSON.stringify(getA(L, { 'x-pad': pad }));
  return of('a'.repeat(bytes - of('').length));
}

const info = (members: Members): ReturnType<typeof getA> => getA(L, { info: members });
const REST_ONLY: Members = {
  'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [] },
  'x-amazon-apigateway-gateway-responses': { DEFAULT_5XX: {} },
  'x-amazon-apigateway-request-validators': { all: {} },
  'x-amazon-apigateway-minimum-compression-size': 1024,
  'x-amazon-apigateway-binary-media-types': ['*/*'],
  'x-amazon-apigateway-api-key-source': 'HEADER',
};

const parts: readonly ImportCase[] = [
  {
    row: 10,
    name: 'title, description, version',
    document: info({ title: 'Shop', description: 'd', version: 'v9' }),
    made: { routes: A, api: { Name: 'Shop', Description: 'd', Version: 'v9' } },
  },
  {
    row: 11,
    name: 'a version that YAML reads as a number',
    choices: ['O38'],
    document: yaml('openapi: 3.0.1\ninfo: {title: Shop, version: 2.0}'),
    made: { routes: A, api: { Version: '2.0' }, info: [RESPONSES] },
  },
  {
    row: 12,
    name: 'no version',
    choices: ['O30'],
    document: info({ title: 'Shop' }),
    made: {
      routes: A,
      api: { Name: 'Shop', Version: undefined },
      warnings: [parseIssue('info.version is missing')],
    },
  },
  {
    row: 13,
    name: 'no title',
    choices: ['O11'],
    document: info({ version: '1' }),
    refused: { message: 'Invalid API name specified' },
  },
  {
    row: 15,
    name: 'an endpoint that is disabled, by a server without url',
    document: getA(L, {
      servers: [{ 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true } }],
    }),
    made: { routes: A, api: { DisableExecuteApiEndpoint: true, IpAddressType: 'ipv4' } },
  },
  {
    row: 16,
    name: 'dualstack',
    document: getA(L, {
      servers: [
        { url: 'https://x', 'x-amazon-apigateway-endpoint-configuration': { ipAddressType: 'dualstack' } },
      ],
    }),
    made: { routes: A, api: { DisableExecuteApiEndpoint: false, IpAddressType: 'dualstack' } },
  },
  {
    row: 17,
    name: 'two servers',
    choices: ['O13'],
    document: getA(L, {
      servers: [
        { url: 'https://x' },
        {
          url: 'https://y',
          'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true },
        },
      ],
    }),
    made: { routes: A, api: { DisableExecuteApiEndpoint: false }, warnings: [SEVERAL_SERVERS] },
  },
  {
    row: 18,
    name: 'tags with a value and without',
    document: getA(L, {
      tags: [
        { name: 'Owner', 'x-amazon-apigateway-tag-value': 'Admin' },
        { name: 'pets', description: 'Pet operations' },
      ],
    }),
    made: { routes: A, api: { Tags: { Owner: 'Admin', pets: '' } } },
  },
  {
    row: 19,
    name: 'tags of an operation',
    choices: ['O27'],
    document: doc({ '/a': { get: int(L, { tags: ['pets'] }) } }),
    made: { routes: A, api: { Tags: {} }, info: [ignored('paths./a.get', 'tags')] },
  },
  {
    row: 20,
    name: 'a tag of AWS',
    choices: ['O15', 'O29'],
    document: getA(L, { tags: [{ name: 'aws:x' }] }),
    made: {
      routes: A,
      api: { Tags: {} },
      warnings: [
        "Unable to create tag 'aws:x': Tag keys that begin with aws: are reserved: aws:x. Ignoring.",
      ],
    },
  },
  {
    row: 20,
    name: 'a tag without name, and one that is good',
    choices: ['O15'],
    document: getA(L, { tags: [{ description: 'd' }, { name: 'pets' }] }),
    made: { routes: A, api: { Tags: { pets: '' } }, warnings: [parseIssue('tags.name is missing')] },
  },
  {
    row: 21,
    name: 'CORS has the members of the document',
    document: getA(L, {
      'x-amazon-apigateway-cors': { allowOrigins: ['*'], allowMethods: ['GET', 'OPTIONS', 'POST'] },
    }),
    made: {
      routes: A,
      api: { CorsConfiguration: { AllowMethods: ['GET', 'OPTIONS', 'POST'], AllowOrigins: ['*'] } },
    },
  },
  {
    row: 22,
    name: 'CORS in another spelling',
    document: getA(L, {
      'x-amazon-apigateway-cors': { allow_methods: ['delete'], allow_origins: ['https://a.com'] },
    }),
    made: { routes: A, api: { CorsConfiguration: undefined } },
  },
  {
    row: 23,
    name: 'CORS that cannot be',
    choices: ['O16'],
    document: getA(L, { 'x-amazon-apigateway-cors': { allowOrigins: ['*'], allowCredentials: true } }),
    made: {
      routes: A,
      api: { CorsConfiguration: undefined },
      warnings: [
        "Unable to set CORS configuration: allow-credentials is not supported if 'allow-origin' is *. Ignoring.",
      ],
    },
  },
  {
    row: 24,
    name: 'a number as a string',
    choices: ['O38'],
    document: getA(L, { 'x-amazon-apigateway-cors': { maxAge: '300', allowOrigins: ['https://a.com'] } }),
    made: { routes: A, api: { CorsConfiguration: { MaxAge: 300, AllowOrigins: ['https://a.com'] } } },
  },
  {
    row: 25,
    name: 'schemas',
    document: getA(L, { components: { schemas: { A: { type: 'object' } } } }),
    made: { routes: A, info: [ignored('components', 'schemas')] },
  },
  {
    row: 26,
    name: 'extensions of REST APIs',
    choices: ['O18'],
    document: getA(L, REST_ONLY),
    made: { routes: A },
  },
  {
    row: 147,
    name: 'what else is told as ignored',
    choices: ['O27'],
    document: doc(
      { '/a': { summary: 's', get: int(L, { deprecated: true }) } },
      { externalDocs: { url: 'https://docs.example.com' } },
    ),
    made: {
      routes: A,
      info: [
        ignored('openapi', 'externalDocs'),
        ignored('paths./a', 'summary'),
        ignored('paths./a.get', 'deprecated'),
      ],
    },
  },
  {
    row: 147,
    name: 'the place of an any-method',
    choices: ['O27'],
    document: doc({ '/b': any(int(H, { responses: {}, summary: 's' })) }),
    made: {
      routes: { 'ANY /b': to(H) },
      info: [ignored('paths./b.x-amazon-apigateway-any-method', 'summary')],
    },
  },
];

export const openApiTextCases: readonly ImportCase[] = [...text, ...parts];
