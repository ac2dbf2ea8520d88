// Values: what they mean and which are refused (spec/http-api.md §4.4, §4.5, §4.19).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import type { Part, Side } from './mapping-source.ts';
import { type MappingValue, parseMappingValue, printMappingValue } from './mapping-value.ts';

const text = (content: string): Part => ({ from: 'text', text: content });
const header = (name: string): Part => ({ from: 'header', name });
const query = (name: string): Part => ({ from: 'query', name });
const variable = (name: string): Part => ({ from: 'pathParameter', name });
const stage = (name: string): Part => ({ from: 'stageVariable', name });
const context = (name: string): Part => ({ from: 'context', name });
const wholeBody: Part = { from: 'body', path: undefined };
const path: Part = { from: 'path' };
const body = (...names: string[]): Part => ({
  from: 'body',
  path: names.map((name) => ({ kind: 'member', name })),
});
const fixed = (content: string): MappingValue => ({ kind: 'static', text: content });
const selector = (part: Part): MappingValue => ({ kind: 'selector', part });
const template = (...parts: Part[]): MappingValue => ({ kind: 'template', parts });

const values: readonly [source: string, side: Side, text: string, value: MappingValue][] = [
  ['§4.4', 'request', '$request.header.x-old', selector(header('x-old'))],
  ['§4.4(1)', 'request', '${request.header.x-old}', selector(header('x-old'))],
  [
    '§4.4(1)',
    'request',
    '${request.path.name} ${request.path.id}',
    template(variable('name'), text(' '), variable('id')),
  ],
  ['§4.4(2)', 'request', '/$request.path.proxy', template(text('/'), variable('proxy'))],
  ['§4.4(2)', 'request', '/public/$request.path.proxy', template(text('/public/'), variable('proxy'))],
  [
    '§4.4(2)',
    'request',
    'com.mycompany.$request.path.source',
    template(text('com.mycompany.'), variable('source')),
  ],
  ['§4.4(3)', 'request', "'x'", fixed("'x'")],
  ['§4.4(3)', 'response', 'public, max-age=3', fixed('public, max-age=3')],
  ['§4.4(5)', 'request', 'US$5', fixed('US$5')],
  ['§4.4(5)', 'request', '$5', fixed('$5')],
  ['§4.4(5)', 'request', '$', fixed('$')],
  ['§4.4(5)', 'request', '$x', fixed('$x')],
  ['§4.4(5)', 'request', 'a$b $5 $', fixed('a$b $5 $')],
  ['§4.4(5)', 'request', 'US$5 off', fixed('US$5 off')],
  ['§4.4(5)', 'request', '$a/$b,$c;$d$e', fixed('$a/$b,$c;$d$e')],
  ['§4.4(5)', 'request', '$ foo', fixed('$ foo')],
  ['§4.4(5)', 'request', '$$', fixed('$$')],
  ['§4.4(5)', 'request', '$\u{1f600}', fixed('$\u{1f600}')],
  ['§4.11', 'request', '', fixed('')],
  ['§4.11', 'request', "''", fixed("''")],
  ['§4.5', 'request', '$request.querystring.color', selector(query('color'))],
  ['§4.5', 'request', '$request.querystring.a.b-c[0]', selector(query('a.b-c[0]'))],
  ['§4.5', 'request', '$request.body', selector(wholeBody)],
  ['§4.5', 'request', '$request.body.user.name', selector(body('user', 'name'))],
  ['§4.5', 'request', '$request.path', selector(path)],
  ['§4.5', 'request', '$request.path.storeId', selector(variable('storeId'))],
  ['§4.5', 'request', '$context.identity.sourceIp', selector(context('identity.sourceIp'))],
  ['§4.5', 'request', '$context.unknown_name', selector(context('unknown_name'))],
  ['§4.5', 'request', '$stageVariables.blank', selector(stage('blank'))],
  ['§4.5', 'response', '$response.header.X-Err', selector(header('X-Err'))],
  ['§4.5', 'response', '$response.body', selector(wholeBody)],
  ['§4.5', 'response', '$response.body.detail.why', selector(body('detail', 'why'))],
  ['§4.5', 'response', '$context.requestId', selector(context('requestId'))],
  [
    '§4.16#10',
    'request',
    'v=${request.header.absent};e=${stageVariables.env}',
    template(text('v='), header('absent'), text(';e='), stage('env')),
  ],
  [
    '§4.16#11',
    'request',
    '${request.path.storeId}/${context.stage}',
    template(variable('storeId'), text('/'), context('stage')),
  ],
  ['§4.16#12', 'request', "'quoted'", fixed("'quoted'")],
  [
    '§4.16#38',
    'request',
    '/s/${request.path.storeId}/${request.path.proxy}',
    template(text('/s/'), variable('storeId'), text('/'), variable('proxy')),
  ],
  ['§4.16#39', 'request', '/a?b=c', fixed('/a?b=c')],
  ['§4.16#40', 'request', '$context.path', selector(context('path'))],
  ['§4.16#48', 'request', "$request.body['note']", selector(body('note'))],
  [
    '§4.16#59',
    'request',
    '${context.authorizer.tenant}-${context.authorizer.level}',
    template(context('authorizer.tenant'), text('-'), context('authorizer.level')),
  ],
  ['§4.16#72', 'request', 'a\r\nb', fixed('a\r\nb')],
  [
    '§4.17#16',
    'response',
    'why=${response.body.detail.why};id=${context.requestId}',
    template(text('why='), body('detail', 'why'), text(';id='), context('requestId')),
  ],
  [
    '§4.17#29',
    'response',
    'https://${context.domainName}/err',
    template(text('https://'), context('domainName'), text('/err')),
  ],
  [
    '§4.19(3)',
    'request',
    '${stageVariables.a} $request.header.b',
    template(stage('a'), text(' '), header('b')),
  ],
  [
    '§4.19(3)',
    'request',
    '${request.querystring.id}-$context.stage',
    template(query('id'), text('-'), context('stage')),
  ],
  [
    '§4.19(3)',
    'request',
    '$context.stage/$request.path.id${request.header.x}',
    template(context('stage'), text('/'), variable('id'), header('x')),
  ],
  [
    '§4.19(3)',
    'request',
    '$context.a${context.b}$context.c',
    template(context('a'), context('b'), context('c')),
  ],
  ['§4.19(3)', 'request', '$stageVariables.env$', template(stage('env'), text('$'))],
  ['§4.19(3)', 'request', '$stageVariables.env$x', template(stage('env'), text('$x'))],
  ['§4.19(3)', 'request', '$request.header.x$b', template(header('x'), text('$b'))],
  ['§4.19(1)', 'request', '${request.querystring.a{b}', selector(query('a{b'))],
  ['§4.19(1)', 'request', '${request.header.x-a$b}', selector(header('x-a$b'))],
  ['§4.19(1)', 'request', '${request.header.a/b,c;d}', selector(header('a/b,c;d'))],
  ['§4.19(1)', 'request', '${request.querystring.a/b$}', selector(query('a/b$'))],
  ['§4.19(1)', 'request', '${request.path.é}', selector(variable('é'))],
  ['§4.19(1)', 'request', '${stageVariables.a-b}', selector(stage('a-b'))],
  ['§4.19(1)', 'request', '${request.body.a${request.path}', selector(body('a${request', 'path'))],
  ['§4.19(1)', 'request', "${request.body['a$b{c']}", selector(body('a$b{c'))],
  ['§4.19(1)', 'response', '${response.header.a{b}', selector(header('a{b'))],
  ['§4.19(3)', 'request', '$request.path.a.', selector(variable('a.'))],
  ['§4.19(3)', 'request', 'x/$request.path.a.', template(text('x/'), variable('a'), text('.'))],
  ['§4.19(3)', 'request', '$request.querystring.a b', template(query('a'), text(' b'))],
  ['§4.19(3)', 'request', 'x $request.path.a-- y', template(text('x '), variable('a'), text('-- y'))],
  ['§4.19(3)', 'request', '$request.path/$context.stage', template(path, text('/'), context('stage'))],
  ['§4.19(3)', 'request', '$request.body.a b', template(body('a'), text(' b'))],
  ['C30', 'request', '$request.path.a/$request.path.b', template(variable('a'), text('/'), variable('b'))],
  ['C30', 'request', '$request.body.a/$context.stage', template(body('a'), text('/'), context('stage'))],
  ['C30', 'request', '$stageVariables.a$stageVariables.b', template(stage('a'), stage('b'))],
  ['C30', 'request', '$$request.path', template(text('$'), path)],
];
for (const [source, side, given, value] of values) {
  test(`${source}: ${JSON.stringify(given)} is a value of a ${side} mapping`, () => {
    assert.deepEqual(parseMappingValue(given, side), value);
    assert.deepEqual(parseMappingValue(printMappingValue(value, side), side), value);
  });
}

const badValues: readonly [source: string, side: Side, text: string][] = [
  ['§4.4(4)', 'request', "$context.authorizer.claims['custom:api_key']"],
  ['§4.4(6)', 'request', 'a${request.header.x'],
  ['§4.4(6)', 'request', '${'],
  ['§4.4(6)', 'request', '${}'],
  ['§4.4(6)', 'request', '${foo.bar}'],
  ['§4.4(6)', 'request', '${$request.path}'],
  ['§4.4(6)', 'request', '${context.stage'],
  ['§4.4(6)', 'request', '${request.header.}'],
  ['§4.4(6)', 'request', '${request.headers.x}'],
  ['§4.4(6)', 'request', '${request.pathx}'],
  ['§4.4(6)', 'request', '${response.header.x}'],
  ['§4.4(6)', 'request', '${request.header.a b}'],
  ['§4.4(6)', 'request', '${request.querystring.a\u0000}'],
  ['§4.4(6)', 'request', '${request.body..a}'],
  ['§4.4(6)', 'request', '${context.a-b}'],
  ['§4.4(6)', 'request', '$stageVariables.env}'],
  ['§4.4(6)', 'request', '${stageVariables.env}}'],
  ['§4.4(6)', 'request', 'pre{fix'],
  ['§4.4(6)', 'request', 'x}'],
  ['§4.4(6)', 'request', '{"k":1}'],
  ['§4.4(6)', 'request', '/{proxy}'],
  ['§4.4(6)', 'request', '{"id":"${request.path.id}"}'],
  ['§4.4(6)', 'request', '$}'],
  ['§4.4(6)', 'request', "$request.body['a{b']"],
  ['§4.4(5)', 'request', '$xy'],
  ['§4.4(5)', 'request', 'US$50'],
  ['§4.4(5)', 'request', '$5.00'],
  ['§4.4(5)', 'request', '$contxt.stage'],
  ['§4.4(5)', 'request', 'a $foo.bar'],
  ['§4.4(5)', 'request', '$request.path.id$foo'],
  ['§4.4(5)', 'request', '$context'],
  ['§4.4(5)', 'request', 'x $request.'],
  ['§4.4(5)', 'request', '${context.stage}$requestpath'],
  ['§4.4(7)', 'request', '$Request.header.x'],
  ['§4.4(7)', 'request', '$request.Header.x'],
  ['§4.4(7)', 'request', '$stagevariables.x'],
  ['§4.4(8)', 'request', 'x'.repeat(513)],
  ['§4.5', 'request', '$request.method'],
  ['§4.5', 'request', '$request.header.'],
  ['§4.5', 'request', '$request.header'],
  ['§4.5', 'request', '$request.querystring.'],
  ['§4.5', 'request', '$context.'],
  ['§4.5', 'request', '$context.a-b'],
  ['§4.5', 'request', '$context..a'],
  ['§4.5', 'request', '$stageVariables.a-b'],
  ['§4.5', 'request', '$response.header.x'],
  ['§4.5', 'request', 'a $response.body'],
  ['C32', 'response', '$request.header.y'],
  ['C32', 'response', 'x=${request.path}'],
  ['C32', 'response', 'x=$request.path'],
  ['§4.16#49', 'request', '$request.body..sku'],
  ['§4.16#50', 'request', "$request.body.items[?(@.sku=='A1')]"],
  ['§4.16#57', 'request', '$context.authorizer.claims.custom:tenant'],
  ['§4.16#65', 'request', '$request.cookie.sid'],
  ['§4.19(1)', 'request', '${request.header.${context.stage}}'],
  ['§4.19(3)', 'request', "$request.body['$context.x']"],
  ['§4.19(3)', 'request', 'x $request.body[0]'],
  ['§4.19(3)', 'request', '$request.body.a(1)'],
  ['§4.19(3)', 'request', 'x=$request.path.a?b'],
  ['§4.19(3)', 'request', '"$request.path.a"'],
  ['§4.19(4)', 'request', '$foo.bar'],
  ['§4.19(4)', 'request', '$method.request.header.x'],
  ['§4.19(4)', 'request', '$US'],
];
for (const [source, side, given] of badValues) {
  test(`${source}: ${JSON.stringify(given.slice(0, 60))} is none of a ${side} mapping`, () => {
    const message =
      'Invalid mapping expression specified: Validation Result: warnings : [], ' +
      `errors : [Invalid mapping expression specified: ${given}]`;
    assert.throws(
      () => parseMappingValue(given, side),
      (error: unknown) => error instanceof GrammarError && error.message === message,
    );
  });
}
