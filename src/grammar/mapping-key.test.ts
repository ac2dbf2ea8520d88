// Keys and reserved names: what is a destination and what is refused (spec/http-api.md §4.2, §4.3, §4.7, §4.8, §4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import {
  compareMappingKeys,
  isReservedHeader,
  type MappingKey,
  parseMappingKey,
  printMappingKey,
  readMappingKey,
} from './mapping-key.ts';
import type { Side } from './mapping-source.ts';

const PREFIX = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : [';
const rejects = (work: () => unknown, cause: string) =>
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof GrammarError);
    assert.equal(error.message, `${PREFIX}${cause}]`);
    return true;
  });

const key = (
  action: MappingKey['action'],
  at: MappingKey['at'],
  location: string,
  name = '',
  suffix = '',
): MappingKey => ({ action, at, location, name, suffix });

const keys: readonly [source: string, side: Side, text: string, key: MappingKey][] = [
  ['§4.2', 'request', 'append:header.X-Req', key('append', 'header', 'header', 'X-Req')],
  ['§4.2', 'request', 'overwrite:header.x', key('overwrite', 'header', 'header', 'x')],
  ['§4.2', 'request', 'remove:header.x', key('remove', 'header', 'header', 'x')],
  ['§4.2', 'request', 'append:header.a$-._Z9', key('append', 'header', 'header', 'a$-._Z9')],
  ['§4.2', 'request', 'append:querystring.a.b-c', key('append', 'query', 'querystring', 'a.b-c')],
  ['§4.2', 'request', 'overwrite:querystring.x y', key('overwrite', 'query', 'querystring', 'x y')],
  ['§4.2', 'request', 'remove:querystring.qs1', key('remove', 'query', 'querystring', 'qs1')],
  ['§4.2', 'request', 'overwrite:path', key('overwrite', 'path', 'path')],
  [
    '§4.16#22',
    'request',
    'overwrite:header.x-forwarded-port',
    key('overwrite', 'header', 'header', 'x-forwarded-port'),
  ],
  ['§4.16#16', 'request', 'overwrite:header.host', key('overwrite', 'header', 'header', 'host')],
  [
    '§4.16#71',
    'request',
    'overwrite:header.content-type',
    key('overwrite', 'header', 'header', 'content-type'),
  ],
  ['§4.3', 'response', 'append:header.x', key('append', 'header', 'header', 'x')],
  ['§4.3', 'response', 'remove:header.server', key('remove', 'header', 'header', 'server')],
  ['§4.3', 'response', 'overwrite:statuscode', key('overwrite', 'status', 'statuscode')],
  // Letter case of locations
  ['§4.2', 'request', 'overwrite:Header.x-a', key('overwrite', 'header', 'Header', 'x-a')],
  ['§4.2', 'request', 'append:HEADER.X-A.3', key('append', 'header', 'HEADER', 'X-A', '.3')],
  ['§4.2', 'request', 'append:QueryString.k', key('append', 'query', 'QueryString', 'k')],
  ['§4.2', 'request', 'overwrite:PATH', key('overwrite', 'path', 'PATH')],
  ['§4.3', 'response', 'overwrite:statusCode', key('overwrite', 'status', 'statusCode')],
  ['§4.3', 'response', 'remove:hEader.x.1', key('remove', 'header', 'hEader', 'x', '.1')],
  // Suffixes
  ['§4.2', 'request', 'append:header.x-tags.2', key('append', 'header', 'header', 'x-tags', '.2')],
  ['§4.2', 'request', 'append:header.x-tags.1.2', key('append', 'header', 'header', 'x-tags', '.1.2')],
  ['§4.2', 'request', 'append:header.x-tags.01', key('append', 'header', 'header', 'x-tags', '.01')],
  ['§4.2', 'request', 'append:header.x.v2', key('append', 'header', 'header', 'x.v2')],
  ['§4.2', 'request', 'append:header.x.2v', key('append', 'header', 'header', 'x.2v')],
  ['§4.2', 'request', 'append:header.x.v2.3', key('append', 'header', 'header', 'x.v2', '.3')],
  ['§4.2', 'request', 'append:header.x2', key('append', 'header', 'header', 'x2')],
  ['§4.2', 'request', 'append:header.7', key('append', 'header', 'header', '7')],
  ['§4.2', 'request', 'append:header.7.8', key('append', 'header', 'header', '7', '.8')],
  ['§4.2', 'request', 'append:header.x..1', key('append', 'header', 'header', 'x.', '.1')],
  ['§4.2', 'request', 'remove:querystring.k.10', key('remove', 'query', 'querystring', 'k', '.10')],
];
for (const [source, side, text, expected] of keys) {
  test(`${source}: ${text} is a key of a ${side} mapping`, () => {
    assert.deepEqual(parseMappingKey(text, side), expected);
    assert.equal(printMappingKey(expected), text);
  });
}

const badKeys: readonly [source: string, side: Side, key: string][] = [
  ['§4.10', 'request', 'badaction:header.x'],
  ['§4.16#63', 'request', 'append:path'],
  ['§4.16#64', 'request', 'Overwrite:header.x'],
  ['§4.2', 'request', 'APPEND:header.x'],
  ['§4.2', 'request', 'remove:path'],
  ['§4.2', 'request', 'remove:PATH'],
  ['§4.2', 'request', 'overwrite:method'],
  ['§4.2', 'request', 'overwrite:body'],
  ['§4.2', 'request', 'overwrite:path.x'],
  ['§4.2', 'request', 'overwrite:path.1'],
  ['§4.2', 'request', 'overwrite:path.'],
  ['§4.2', 'request', 'overwrite:statuscode'],
  ['§4.2', 'request', 'append:header'],
  ['§4.2', 'request', 'append:header.'],
  ['§4.2', 'request', 'append:header..1'],
  ['§4.2', 'request', 'append:querystring'],
  ['§4.2', 'request', 'append:querystring.'],
  ['§4.2', 'request', 'append:querystring..1'],
  ['§4.2', 'request', ' append:header.x'],
  ['§4.2', 'request', ''],
  ['§4.1', 'request', 'integration.request.header.x'],
  ['§4.10', 'response', 'badaction:header.x'],
  ['§4.17#22', 'response', 'append:overwrite.static'],
  ['§4.17#23', 'response', 'append:querystring.x'],
  ['§4.17#24', 'response', 'overwrite:path'],
  ['§4.3', 'response', 'overwrite.statuscode'],
  ['§4.3', 'response', 'overwrite:statuscode.1'],
  ['§4.3', 'response', 'append:statuscode'],
  ['§4.3', 'response', 'remove:StatusCode'],
];
for (const [source, side, text] of badKeys) {
  test(`${source}: ${JSON.stringify(text)} is none of a ${side} mapping`, () => {
    const title = side === 'request' ? 'Request' : 'Response';
    const cause = `Invalid ${title} Actioned Parameter destination specified: ${text}`;
    rejects(() => parseMappingKey(text, side), cause);
    rejects(() => readMappingKey(text, side), cause);
  });
}

for (const name of ['a b', 'x%20a', 'a!', '*', "a'", 'a\r\nb', 'ä', 'a^b', 'a|b', 'a~b.1', '{a}', 'a:b']) {
  for (const side of ['request', 'response'] as const) {
    test(`§4.2: ${JSON.stringify(name)} is no header name of a ${side} mapping, but what is stored is read`, () => {
      const cause = 'Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$';
      rejects(() => parseMappingKey(`overwrite:header.${name}`, side), cause);
      assert.equal(readMappingKey(`overwrite:header.${name}`, side).name, name.replace(/\.1$/, ''));
    });
  }
}

const reserved = (
  'access-control-allow-origin access-control- apigw-requestid authorization connection content-encoding content-length ' +
  'content-location forwarded keep-alive origin proxy-authenticate proxy-authorization te trailers transfer-encoding ' +
  'upgrade x-amz-date x-amzn-trace-id x-forwarded-for x-forwarded-host x-forwarded-proto via'
).split(' ');
const free = (
  'x-forwarded-port x-forwarded-prefix host cookie set-cookie content-type location server date trailer cache-control ' +
  'access-control apigw x-amz x-amzntrace'
).split(' ');

test('§4.8: reserved names are no destinations, in any letter case, on either side, with a suffix or without', () => {
  for (const name of reserved) {
    assert.ok(isReservedHeader(name), name);
    for (const written of [name, name.toUpperCase()]) {
      const cause = `Operations on header ${written} are restricted`;
      rejects(() => parseMappingKey(`overwrite:header.${written}`, 'request'), cause);
      rejects(() => parseMappingKey(`remove:Header.${written}`, 'request'), cause);
      rejects(() => parseMappingKey(`append:header.${written}`, 'response'), cause);
      rejects(() => parseMappingKey(`append:header.${written}.12`, 'request'), cause);
      rejects(() => parseMappingKey(`append:header.${written}.1.2`, 'response'), cause);
    }
  }
});

test('§4.8: all other names are', () => {
  for (const name of free) {
    assert.ok(!isReservedHeader(name), name);
    assert.equal(parseMappingKey(`append:header.${name}`, 'request').name, name);
  }
});

test('§4.7: keys in the order they apply: remove, overwrite, append; by name; no suffix first, then the smaller one', () => {
  const expected = [
    'remove:header.z',
    'remove:querystring.a',
    'overwrite:header.~',
    'overwrite:path',
    'overwrite:querystring.A',
    'overwrite:querystring.a',
    'overwrite:querystring.\uff5e',
    'overwrite:querystring.\u{1f600}',
    'append:header.B',
    'append:Header.b.0',
    'append:header.b.1',
    'append:header.B.1.5',
    'append:header.b.1.10',
    'append:header.b.02',
    'append:header.b.2',
    'append:header.B.10',
    'append:header.b.99999999999999999999',
    'append:header.b.100000000000000000000',
    'append:header.c',
    'append:querystring.a',
    'append:querystring.a.2',
    'append:querystring.a.10',
  ];
  const parsed = expected.map((text) => readMappingKey(text, 'request'));
  assert.deepEqual([...parsed].reverse().sort(compareMappingKeys).map(printMappingKey), expected);
});
