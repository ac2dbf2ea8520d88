// `evaluateMapping`, against the statements of spec/http-api.md §4; the plans themselves have tables of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClientRequest, evaluateMapping, type Mapping } from './evaluate-mapping.ts';

/** What the backend gets: the method, the URL without its host, and some headers. */
const REQUESTS: readonly (readonly [
  name: string,
  mapping: Mapping,
  request: ClientRequest,
  startLine: string,
  headers?: Readonly<Record<string, string | undefined>>,
])[] = [
  [
    'nothing is mapped: the request passes',
    {},
    { path: '/pets?a=1', headers: { 'X-A': '1' } },
    'GET /pets?a=1',
    { 'x-a': '1' },
  ],
  [
    'a header is appended (§4.3)',
    { requestParameters: { 'append:header.x-v': '$request.header.x-version' } },
    { path: '/', headers: { 'X-Version': '7' } },
    'GET /',
    { 'x-v': '7', 'x-version': '7' },
  ],
  [
    'values are of the untouched request (§4.7)',
    {
      requestParameters: {
        'overwrite:header.a': '$request.header.b',
        'overwrite:header.b': '$request.header.a',
      },
    },
    { path: '/', headers: { a: '1', b: '2' } },
    'GET /',
    { a: '2', b: '1' },
  ],
  [
    'several lines of a name are told as one',
    { requestParameters: { 'append:header.a': '2' } },
    { path: '/', headers: { a: '1' } },
    'GET /',
    { a: '1, 2' },
  ],
  [
    'a header is removed',
    { requestParameters: { 'remove:header.x-secret': "''" } },
    { path: '/', headers: { 'X-Secret': 's' } },
    'GET /',
    { 'x-secret': undefined },
  ],
  [
    'a query parameter is overwritten, another removed',
    { requestParameters: { 'overwrite:querystring.a': '2', 'remove:querystring.b': "''" } },
    { path: '/?a=1&b=1' },
    'GET /?a=2',
  ],
  [
    'the path is made of variables of the route and of the stage',
    {
      routeKey: 'ANY /pets/{id}',
      requestParameters: { 'overwrite:path': '/${stageVariables.kind}/$request.path.id' },
      stageVariables: { kind: 'animals' },
    },
    { method: 'PUT', path: '/pets/4%202' },
    'PUT /animals/4%202',
  ],
  [
    'the body is read (§4.5)',
    { requestParameters: { 'append:header.pet': '$request.body.pet.name' } },
    { method: 'POST', path: '/', body: '{"pet":{"name":"rex"}}' },
    'POST /',
    { pet: 'rex', 'content-length': undefined },
  ],
  [
    'claims of a token (§6.2.6)',
    { requestParameters: { 'append:header.who': '$context.authorizer.claims.sub' } },
    { path: '/', authorizer: { claims: { sub: 'ann' } } },
    'GET /',
    { who: 'ann' },
  ],
  [
    'context of a Lambda authorizer (§6.3.6)',
    { requestParameters: { 'append:header.who': '$context.authorizer.user' } },
    { path: '/', authorizer: { context: { user: 'ann' } } },
    'GET /',
    { who: 'ann' },
  ],
  [
    'the address of the client',
    { requestParameters: { 'append:header.ip': '$context.identity.sourceIp' } },
    { path: '/', sourceIp: '203.0.113.7' },
    'GET /',
    { ip: '203.0.113.7' },
  ],
  [
    'a method and a URI of the integration',
    { routeKey: 'ANY /x', integrationMethod: 'POST', integrationUri: 'https://a.example/base?x=1' },
    { path: '/x?y=2' },
    'POST /base?x=1&y=2',
    { host: 'a.example' },
  ],
];

for (const [name, mapping, request, startLine, headers = {}] of REQUESTS) {
  test(`a request: ${name}`, () => {
    const { request: sent, failure } = evaluateMapping(mapping, request);
    assert.equal(failure, undefined);
    assert.equal(`${sent!.method} ${sent!.url.replace(/^https?:\/\/[^/]+/, '')}`, startLine);
    for (const [header, value] of Object.entries(headers)) assert.equal(sent!.headers[header], value, header);
    assert.equal(sent!.body, request.body ?? '');
  });
}

test('a reply: status, headers and body of what its status has mappings for (§4.9)', () => {
  const mapping: Mapping = {
    responseParameters: {
      '500': {
        'overwrite:statuscode': '403',
        'append:header.why': '$response.body.error',
        'remove:header.server': "''",
      },
    },
  };
  const failed = { status: 500, headers: { Server: 'x', 'X-A': '1' }, body: '{"error":"no"}' };
  const { response } = evaluateMapping(mapping, { path: '/' }, failed);
  assert.equal(response.status, 403);
  assert.equal(response.body, '{"error":"no"}');
  const { why, server, 'x-a': a } = response.headers;
  assert.deepEqual({ why, server, a }, { why: 'no', server: undefined, a: '1' });
  assert.equal(evaluateMapping(mapping, { path: '/' }, { ...failed, status: 501 }).response.status, 501);
});

test('a request that cannot be made is refused, and says why', () => {
  const mapping = { requestParameters: { 'overwrite:path': '/a/$request.header.p' } };
  const { request, response, failure } = evaluateMapping(mapping, { path: '/', headers: { p: '..' } });
  assert.equal(request, undefined);
  assert.equal(response.status, 400);
  assert.match(failure!, /dot segment|\.\./i);
});

const WRONG: readonly (readonly [name: string, mapping: Mapping, request: ClientRequest, message: RegExp])[] =
  [
    [
      'a key',
      { requestParameters: { 'append:head.a': '1' } },
      { path: '/' },
      /^Invalid mapping expression specified: Validation Result: warnings : \[\], errors : \[/,
    ],
    [
      'a value',
      { requestParameters: { 'append:header.a': '$request.nothing' } },
      { path: '/' },
      /Invalid mapping expression specified/,
    ],
    ['a status', { responseParameters: { '99': {} } }, { path: '/' }, /Status Code 99 is not valid\./],
    [
      'a route key',
      { routeKey: 'GET pets' },
      { path: '/' },
      /^The provided route key is not formatted properly for HTTP protocol/,
    ],
    [
      'a route that is another',
      { routeKey: 'GET /a' },
      { path: '/b' },
      /^The route GET \/a does not match GET \/b\.$/,
    ],
    ['a path', {}, { path: 'pets' }, /^The path of a request begins with \//],
    [
      'a stage variable of the URI',
      { integrationUri: 'http://${stageVariables.host}/' },
      { path: '/' },
      /stage variable host/,
    ],
  ];

for (const [name, mapping, request, message] of WRONG) {
  test(`what is wrong is said: ${name}`, () => {
    assert.throws(() => evaluateMapping(mapping, request), { message });
  });
}
