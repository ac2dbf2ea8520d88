// Paths, operations and base paths (spec/openapi.md §14.3, §14.6).
import type { ImportCase } from './openapi-case.ts';
import {
  any,
  type Document,
  doc,
  H,
  ignored,
  int,
  L,
  type Members,
  noRoute,
  parameters,
  parseIssue,
  ROUTE_KEY,
  SEVERAL_SERVERS,
  TARGETLESS,
  to,
} from './openapi-language.ts';

const undeclared = (path: string, name: string): string =>
  parseIssue(
    `paths.'${path}'. Declared path parameter ${name} needs to be defined as a path parameter in path or operation level`,
  );
const noSlash = (path: string): string => parseIssue(`paths. Resource ${path} should start with /`);
const DEFAULT = int(L, { isDefaultRoute: true });
const A = { 'GET /a': to(L) };
/** An operation whose response refers to a schema. */
const withSchema = (ref: string): Members => ({
  responses: { 200: { description: 'd', content: { 'application/json': { schema: { $ref: ref } } } } },
});

const paths: readonly ImportCase[] = [
  {
    row: 27,
    name: 'operationId is operationName',
    document: doc({ '/pets': { get: int(H, { operationId: 'GET HTTP' }) } }),
    made: { routes: { 'GET /pets': to(H, { name: 'GET HTTP' }) } },
  },
  {
    row: 28,
    name: 'a path variable',
    document: doc({ '/pets/{petId}': { get: int(H, parameters('petId')) } }),
    made: {
      routes: { 'GET /pets/{petId}': to(H) },
      info: [ignored('paths./pets/{petId}.get', 'parameters')],
    },
  },
  {
    row: 28,
    name: 'a path variable that the path item declares',
    document: doc({ '/pets/{petId}': { ...parameters('petId'), get: int(H) } }),
    made: { routes: { 'GET /pets/{petId}': to(H) }, info: [ignored('paths./pets/{petId}', 'parameters')] },
  },
  {
    row: 29,
    name: 'a path variable that nothing declares',
    choices: ['O30'],
    document: doc({ '/pets/{petId}': { get: int(H) } }),
    made: { routes: { 'GET /pets/{petId}': to(H) }, warnings: [undeclared('/pets/{petId}', 'petId')] },
  },
  {
    row: 30,
    name: 'an any-method declares nothing',
    document: doc({ '/{proxy+}': any(int(L)) }),
    made: { routes: { 'ANY /{proxy+}': to(L) } },
  },
  ...['proxy+', 'proxy'].map(
    (name): ImportCase => ({
      row: 31,
      name: `a greedy variable is declared as ${name}`,
      choices: ['O30'],
      document: doc({ '/{proxy+}': { get: int(L, { parameters: [{ name, in: 'path', required: true }] }) } }),
      made: { routes: { 'GET /{proxy+}': to(L) }, info: [ignored('paths./{proxy+}.get', 'parameters')] },
    }),
  ),
  {
    row: 32,
    name: 'a method beside an any-method',
    document: doc({ '/a': { get: int(L), ...any(int(H)) } }),
    made: { routes: { 'GET /a': to(L), 'ANY /a': to(H) } },
  },
  {
    row: 33,
    name: 'the default route',
    document: doc({ '/$default': any(DEFAULT) }),
    made: { routes: { $default: to(L) } },
  },
  {
    row: 34,
    name: 'the default route as SAM writes it',
    document: doc({ $default: any(DEFAULT) }),
    made: { routes: { $default: to(L) }, warnings: [noSlash('$default')] },
  },
  {
    row: 35,
    name: '/$default that is not the default route',
    choices: ['O34'],
    document: doc({ '/$default': any(int(L)) }),
    made: { routes: { 'ANY /$default': to(L) } },
  },
  {
    row: 35,
    name: '$default without slash and flag',
    choices: ['O34'],
    document: doc({ $default: any(int(L)) }),
    made: { routes: { $default: to(L) }, warnings: [noSlash('$default')] },
  },
  {
    row: 36,
    name: 'the default route under another path',
    choices: ['O34'],
    document: doc({ '/x': any(DEFAULT) }),
    made: { routes: { $default: to(L) } },
  },
  {
    row: 37,
    name: 'a slash at the end',
    choices: ['O29'],
    document: doc({ '/events/': { get: int(L) } }),
    made: { routes: {}, integrations: 1, warnings: [noRoute('GET /events/', ROUTE_KEY)] },
  },
  {
    row: 38,
    name: 'no slash at the beginning',
    choices: ['O32'],
    document: doc({ pets: { get: int(L) } }),
    made: { routes: {}, integrations: 1, warnings: [noSlash('pets'), noRoute('GET pets', ROUTE_KEY)] },
  },
  {
    row: 39,
    name: 'TRACE',
    document: doc({ '/a': { trace: int(L) } }),
    made: { routes: {}, integrations: 1, warnings: [noRoute('TRACE /a', ROUTE_KEY)] },
  },
  ...['POST', 'any', 'default'].map(
    (method): ImportCase => ({
      row: 40,
      name: `${method} is no method`,
      choices: ['O30'],
      document: doc({ '/a': { [method]: int(L) } }),
      made: { routes: {}, warnings: [parseIssue(`paths.'/a'.${method} is unexpected`)] },
    }),
  ),
  {
    row: 41,
    name: 'two variables at one place',
    document: doc({
      '/a/{x}': { get: int(L, parameters('x')) },
      '/a/{y}': { get: int(H, parameters('y')) },
    }),
    made: {
      routes: { 'GET /a/{x}': to(L) },
      integrations: 2,
      warnings: [
        noRoute(
          'GET /a/{y}',
          'The provided route key "GET /a/{y}" has a conflicting variable on the same hierarchical level as "GET /a/{x}"',
        ),
      ],
      info: [ignored('paths./a/{x}.get', 'parameters'), ignored('paths./a/{y}.get', 'parameters')],
    },
  },
  { row: 42, name: 'an empty path item', document: doc({ '/a': {} }), made: { routes: {} } },
  {
    row: 43,
    name: 'an empty operation',
    choices: ['O30'],
    document: doc({ '/a': { get: { responses: undefined } } }),
    made: {
      routes: { 'GET /a': TARGETLESS },
      warnings: [parseIssue("paths.'/a'(get).responses is missing")],
    },
  },
  {
    row: 44,
    name: 'an operationId twice',
    choices: ['O30'],
    document: doc({ '/a': { get: int(L, { operationId: 'one' }), post: int(L, { operationId: 'one' }) } }),
    made: {
      routes: { 'GET /a': to(L, { name: 'one' }), 'POST /a': to(L, { name: 'one' }) },
      warnings: [parseIssue("paths.'/a'(post).operationId is repeated")],
    },
  },
  {
    row: 45,
    name: 'an operationId that is too long',
    choices: ['O33'],
    document: doc({ '/a': { get: int(L, { operationId: 'o'.repeat(65) }) } }),
    made: { routes: A, info: [ignored('paths./a.get', 'operationId')] },
  },
  {
    row: 46,
    name: 'a request body',
    document: doc({ '/a': { post: int(L, { requestBody: { content: {} } }) } }),
    made: { routes: { 'POST /a': to(L) }, info: [ignored('paths./a.post', 'requestBody')] },
  },
  {
    row: 47,
    name: 'a schema that is not there',
    document: doc({ '/update': { get: int(L, withSchema('#/components/schemas/Nope')) } }),
    made: {
      routes: { 'GET /update': to(L) },
      warnings: [
        parseIssue("paths.'/update'(get).responses.200.content.schema.#/components/schemas/Nope is missing"),
      ],
    },
  },
  {
    row: 48,
    name: 'a schema that refers to itself',
    choices: ['O10'],
    document: doc(
      { '/a': { get: int(L, withSchema('#/components/schemas/A')) } },
      { components: { schemas: { A: { properties: { a: { $ref: '#/components/schemas/A' } } } } } },
    ),
    made: { routes: A, info: [ignored('components', 'schemas')] },
  },
  {
    row: 49,
    name: 'a reference to another document',
    choices: ['O10'],
    document: doc({ '/a': { get: int(L, { parameters: [{ $ref: 'https://example.com/x.yaml' }] }) } }),
    made: {
      routes: A,
      warnings: [parseIssue("paths.'/a'(get).parameters.https://example.com/x.yaml is missing")],
      info: [ignored('paths./a.get', 'parameters')],
    },
  },
  {
    row: 140,
    name: 'a reference in place of a path item',
    choices: ['O10'],
    document: doc({ '/a': { $ref: '#/components/x' } }),
    made: { routes: {}, warnings: [parseIssue("paths.'/a'.$ref is unexpected")] },
  },
];

/** Paths `/e` and `/`. */
const based = (servers: readonly Members[], more: { readonly [path: string]: Members } = {}): Document =>
  doc({ '/e': { get: int(L) }, '/': { get: int(L) }, ...more }, { servers });
const variable = (value: string, url = 'https://x/{basePath}'): Members => ({
  url,
  variables: { basePath: { default: value } },
});
const gets = (...each: readonly string[]): { readonly [key: string]: ReturnType<typeof to> } =>
  Object.fromEntries(each.map((path) => [`GET ${path}`, to(L)]));
const ABC = based([variable('/a/b/c')]);
const V1 = based([{ url: 'https://x/v1' }]);

const basePaths: readonly ImportCase[] = [
  { row: 96, name: 'no basepath', document: ABC, made: { routes: gets('/e', '/') } },
  { row: 96, name: 'ignore', document: ABC, basepath: 'ignore', made: { routes: gets('/e', '/') } },
  {
    row: 97,
    name: 'prepend',
    document: ABC,
    basepath: 'prepend',
    made: { routes: gets('/a/b/c/e', '/a/b/c') },
  },
  { row: 98, name: 'split', document: ABC, basepath: 'split', made: { routes: gets('/b/c/e', '/b/c') } },
  {
    row: 99,
    name: 'a variable that the url does not have',
    document: based([variable('example/path', 'https://x')]),
    basepath: 'prepend',
    made: { routes: gets('/example/path/e', '/example/path') },
  },
  {
    row: 100,
    name: 'prepend, by the url',
    document: V1,
    basepath: 'prepend',
    made: { routes: gets('/v1/e', '/v1') },
  },
  { row: 100, name: 'split, by the url', document: V1, basepath: 'split', made: { routes: gets('/e', '/') } },
  ...['/v1', '/v1/'].map(
    (url): ImportCase => ({
      row: 100,
      name: `prepend, by the url ${url}`,
      document: based([{ url }]),
      basepath: 'prepend',
      made: { routes: gets('/v1/e', '/v1') },
    }),
  ),
  {
    row: 101,
    name: 'two servers with a variable each',
    choices: ['O13'],
    document: based([variable('/p'), variable('/q')]),
    basepath: 'prepend',
    made: { routes: gets('/p/e', '/p'), warnings: [SEVERAL_SERVERS] },
  },
  {
    row: 102,
    name: 'the default route stays',
    choices: ['O35'],
    document: based([variable('/a/b/c')], { '/$default': any(DEFAULT) }),
    basepath: 'prepend',
    made: { routes: { ...gets('/a/b/c/e', '/a/b/c'), $default: to(L) } },
  },
  {
    row: 103,
    name: 'another basepath',
    choices: ['O3'],
    document: ABC,
    basepath: 'other',
    refused: { message: 'Invalid basepath specified. Must be one of [ignore, prepend, split]' },
  },
];

export const openApiPathCases: readonly ImportCase[] = [...paths, ...basePaths];
