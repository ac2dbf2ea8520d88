import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, get } from './fixture.test.support.ts';
import { parseIssues } from './parse-issues.ts';

type Case = readonly [members: object, issues: readonly string[], source: string];

/** One `get` that is fine but for these members, and what its issues are called. */
const ofGet = (operation: object, issues: readonly string[], source: string): Case => [
  { paths: { '/a': get(operation) } },
  issues.map((issue) => `paths.'/a'(get).${issue}`),
  source,
];
const any = (operation: object): object => ({ 'x-amazon-apigateway-any-method': operation });
const response = (content: object): object => ({
  responses: { 200: { content: { 'application/json': content } } },
});
const undeclared = (path: string, name: string): string =>
  `paths.'${path}'. Declared path parameter ${name} needs to be defined as a path parameter in path or operation level`;
const notOf = (type: string, ...places: readonly string[]): readonly string[] =>
  places.map((place) => `${place} is not of type \`${type}\``);

const responses = { default: { description: 'd' } };
const id = { name: 'id', in: 'path', required: true };
const nope = { $ref: '#/components/schemas/Nope' };
const missing = '#/components/schemas/Nope is missing';

// biome-ignore format: one line is one case
const ROOT: readonly Case[] = [
  [{ paths: { '/a': get({}) } }, [], '§14 row 1'],
  [{ info: { title: 'Shop' } }, ['info.version is missing'], '§14 row 12'],
  [{ info: { version: '1' } }, ['info.title is missing'], '§14 rows 13 and 14'],
  [{ info: undefined }, ['info is missing'], 'O30'],
  [{ info: { title: null, version: 2 } }, ['info.title is missing'], 'O30, O38'],
  [{ info: { title: {}, version: ['1'] } }, notOf('string', 'info.title', 'info.version'), 'O30'],
  [{ info: 'T' }, notOf('object', 'info'), 'O30'],
  [{ info: { title: 'T', version: '1', foo: 1, contact: {} } }, [], 'O30 names the objects whose keys count'],
  [{ swagger: '2.0', paths: {} }, ['swagger is unexpected'], 'O30'],
  [{ servers: [{ foo: 1 }], paths: {}, tags: [], security: [] }, [], 'O30: server url, empty paths'],
  [{ servers: {}, tags: 'a', security: {} }, notOf('array', 'servers', 'tags', 'security'), 'O30'],
  [{ externalDocs: [], components: 1, paths: [] }, notOf('object', 'externalDocs', 'components', 'paths'), 'O30'],
  [{ 'x-amazon-apigateway-policy': { $ref: '#/nope' }, 'x-foo': { a: 1 } }, [], '§14 rows 9 and 26, O18'],
  [{ tags: [{ name: 'a' }, { description: 'd' }, 'b', { name: null }] }, Array(3).fill('tags.name is missing'), 'O15'],
  [{ tags: [{ name: 'pets' }, { name: 'b' }, { name: 'pets' }] }, ['tags.pets is repeated'], '§3.3, O30'],
  [{ components: { securitySchemes: { a: { type: 'oauth2' } }, foo: {} } }, [], 'O30: flows; O27'],
  [{ components: { schemas: [], parameters: { p: 1 } } }, notOf('object', 'components.schemas', 'components.parameters.p'), 'O30'],
  [{ info: { title: 'Bad' }, paths: { '/ok': get({ responses: {} }), bare: get({ responses: {} }) } },
    ['info.version is missing', 'paths. Resource bare should start with /'], 'D7'],
  [{ info: undefined, paths: { a: get({ responses: undefined }) }, foo: 1 },
    ['info is missing', 'paths. Resource a should start with /', "paths.'a'(get).responses is missing", 'foo is unexpected'], 'order'],
];

// biome-ignore format: one line is one case
const PATHS: readonly Case[] = [
  [{ paths: { '/{id}': get({ parameters: [id] }) } }, [], '§14 row 28'],
  [{ paths: { '/{id}': { parameters: [id], ...get({}) } } }, [], 'D1'],
  [{ paths: { '/{id}': get({}) } }, [undeclared('/{id}', 'id')], '§14 row 29'],
  [{ paths: { '/{id}/{b}': get({}) } }, [undeclared('/{id}/{b}', 'id'), undeclared('/{id}/{b}', 'b')], 'O30'],
  [{ paths: { '/{id}': { ...get({ parameters: [id] }), post: { responses }, put: { responses } } } }, [undeclared('/{id}', 'id')], 'O30'],
  [{ paths: { '/{id}': get({ parameters: [{ ...id, in: 'query' }] }) } }, [undeclared('/{id}', 'id')], 'O30'],
  [{ paths: { '/{id}': get({ parameters: [{ $ref: '#/info' }] }) } }, [], 'inferred: parser'],
  [{ paths: { '/{id}': {}, '/b{id}': get({}) } }, [], 'O30: of plain operations; §6.1'],
  [{ paths: { '/{proxy+}': any({}) } }, [], '§14 row 30'],
  [{ paths: { '/{proxy+}': get({ parameters: [{ name: 'proxy+', in: 'path' }] }) } }, [], '§14 row 31'],
  [{ paths: { '/{proxy+}': get({ parameters: [{ name: 'proxy', in: 'path' }] }) } }, [], 'O30'],
  [{ paths: { '/{proxy+}': get({}) } }, [undeclared('/{proxy+}', 'proxy+')], 'O30'],
  [{ paths: { '/$default': any({ isDefaultRoute: true }) } }, [], '§14 row 33'],
  [{ paths: { $default: any({ isDefaultRoute: true }) } }, ['paths. Resource $default should start with /'], '§14 row 34'],
  [{ paths: { pets: get({}) } }, ['paths. Resource pets should start with /'], '§14 row 38'],
  [{ paths: { '/a': { trace: { responses } } } }, [], '§14 row 39'],
  [{ paths: { '/a': { POST: {}, 'x-b': 1 } } }, ["paths.'/a'.POST is unexpected"], '§14 row 40'],
  [{ paths: { '/a': { any: {}, default: 1 } } }, ["paths.'/a'.any is unexpected", "paths.'/a'.default is unexpected"], '§6.1'],
  [{ paths: { '/a': {} } }, [], '§14 row 42'],
  [{ paths: { '/a': { get: {} } } }, ["paths.'/a'(get).responses is missing"], '§14 row 43'],
  [{ paths: { '/a': { ...get({ operationId: 'one' }), post: { operationId: 'one', responses } } } },
    ["paths.'/a'(post).operationId is repeated"], '§14 row 44'],
  [{ paths: { '/a': { ...get({ operationId: 'one' }), ...any({ operationId: 'one' }) } } }, [], '§5.4, statement 4'],
  [{ paths: { '/a': { $ref: '#/components/x' } } }, ["paths.'/a'.$ref is unexpected"], '§14 row 140'],
  [{ paths: { '/a': 1, 'x-a': 1 } }, notOf('object', 'paths./a'), 'O30; §6.1, statement 7'],
  [{ paths: { '/b': { get: null, parameters: {} } } }, [...notOf('object', "paths.'/b'.get"), ...notOf('array', "paths.'/b'.parameters")], 'O30'],
  [{ paths: { '/a': any({ POST: 1, parameters: [{ name: 'a', type: 'string' }], responses: { 200: nope } }) } }, [], '§5.4, statement 4: next-tf'],
  ofGet({ responses: {} }, [], '§11.3: SAM'),
  ofGet({ tags: 'a', parameters: {}, security: {}, servers: 1 }, notOf('array', 'tags', 'parameters', 'security', 'servers'), 'O30'),
  ofGet({ requestBody: [], callbacks: 1 }, notOf('object', 'requestBody', 'callbacks'), 'O30'),
  ofGet({ responses: { 200: 'ok' } }, notOf('object', 'responses.200'), 'O30'),
  ofGet({ summary: [], operationId: {}, deprecated: 'x' }, notOf('string', 'summary', 'operationId'), 'O30'),
  ofGet({ foo: 1, 'x-b': 1 }, ['foo is unexpected'], 'O30'),
  ofGet({ parameters: [{ name: 'zipCode', in: 'path', type: 'string' }] }, ['parameters.[zipCode].type is unexpected'], '§5.4'),
  [{ paths: { '/a': { parameters: [{ in: 'query', type: 'string' }] } } }, ["paths.'/a'.[['unknown']].type is unexpected"], 'inferred: parser'],
  [{ components: { parameters: { p: { name: 'n', type: 'string' } } } }, ['components.parameters.p.[n].type is unexpected'], 'inferred: parser'],
];

// biome-ignore format: one line is one case
const REFERENCES: readonly Case[] = [
  [{ paths: { '/update': get(response({ schema: nope })) } }, [`paths.'/update'(get).responses.200.content.schema.${missing}`], '§14 row 47'],
  ofGet(response({ schema: { items: { properties: { example: nope, 'x-a': nope } } } }), Array(2).fill(`responses.200.content.schema.${missing}`), 'O30'),
  ofGet(response({ schema: { allOf: [nope], anyOf: [nope], oneOf: [nope] } }), Array(3).fill(`responses.200.content.schema.${missing}`), 'O30'),
  ofGet(response({ schema: { not: nope, additionalProperties: nope } }), Array(2).fill(`responses.200.content.schema.${missing}`), 'O30'),
  ofGet(response({ schema: { example: nope, default: nope, enum: [nope], 'x-a': nope, type: 7, foo: 1 } }), [], 'O30: values are data'),
  ofGet(response({ schema: { $ref: '#/info', properties: { a: nope } } }), [], '§7.3: members beside $ref'),
  ofGet(response({ examples: { e: nope, f: { value: nope } }, example: nope }), [`responses.200.content.examples.e.${missing}`], 'O30'),
  ofGet(response({ encoding: { a: { headers: { 'x-h': nope } } } }), [`responses.200.content.encoding.x-h.${missing}`], 'O30'),
  ofGet({ responses: { 200: { headers: { 'x-h': { schema: nope }, i: nope }, links: { l: nope }, 'x-a': nope }, 201: nope, 'x-b': nope } },
    [`responses.200.x-h.${missing}`, `responses.200.i.${missing}`, `responses.200.l.${missing}`, `responses.201.${missing}`], 'O10, O30'),
  ofGet({ callbacks: { done: { '{$request.body#/url}': { POST: 1, post: { foo: 1, parameters: [nope] } } } } }, [`callbacks(post).parameters.${missing}`], 'O30'),
  ofGet({ parameters: [{ $ref: 'https://example.com/x.yaml' }] }, ['parameters.https://example.com/x.yaml is missing'], '§14 row 49'),
  ofGet({ parameters: [{ name: 'q', in: 'query', schema: nope }] }, [`parameters.[q].schemas.${missing}`], 'inferred: parser'),
  ofGet({ requestBody: nope }, [`requestBody.${missing}`], 'O10'),
  ofGet({ requestBody: { $ref: {} } }, notOf('string', 'requestBody.$ref'), 'O30'),
  [{ components: { schemas: { A: { properties: { parent: { $ref: '#/components/schemas/A' } } } } } }, [], '§14 row 48'],
  [{ components: { schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } } } }, [], 'O10: cycles'],
  [{ components: { schemas: { A: { properties: { b: nope } } } } }, [`components.schemas.A.${missing}`], 'O10'],
];

test('a document has the parse issues that AWS would tell', () => {
  for (const [members, issues, source] of [...ROOT, ...PATHS, ...REFERENCES])
    assert.deepEqual(
      parseIssues(fixture(members).root).map(({ text }) => text),
      issues.map((issue) => `Parse issue: attribute ${issue}`),
      `${source}: ${JSON.stringify(members)}`,
    );
});
