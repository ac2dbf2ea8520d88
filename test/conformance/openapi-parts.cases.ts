// What the parts of a document beside its paths become (spec/openapi.md §14.2).
import type { ImportCase } from './openapi-case.ts';
import {
  any,
  doc,
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

const info = (members: Members): ReturnType<typeof getA> => getA(L, { info: members });
const REST_ONLY: Members = {
  'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [] },
  'x-amazon-apigateway-gateway-responses': { DEFAULT_5XX: {} },
  'x-amazon-apigateway-request-validators': { all: {} },
  'x-amazon-apigateway-minimum-compression-size': 1024,
  'x-amazon-apigateway-binary-media-types': ['*/*'],
  'x-amazon-apigateway-api-key-source': 'HEADER',
};

export const openApiPartCases: readonly ImportCase[] = [
  {
    row: 10,
    name: 'title, description, version',
    document: info({ title: 'Shop', description: 'd', version: 'v9' }),
    made: { routes: A, api: { Name: 'Shop', Description: 'd', Version: 'v9' } },
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
