// What a text is (spec/openapi.md §14.1), and how large it may be.
import type { ImportCase } from './openapi-case.ts';
import { doc, F, FI, getA, ignored, int, L, to } from './openapi-language.ts';

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

export const openApiTextCases: readonly ImportCase[] = [
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
    row: 11,
    name: 'a version that YAML reads as a number',
    choices: ['O38'],
    document: yaml('openapi: 3.0.1\ninfo: {title: Shop, version: 2.0}'),
    made: { routes: A, api: { Version: '2.0' }, info: [RESPONSES] },
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
