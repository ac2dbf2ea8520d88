// Keys, reserved names and whole maps: what is a mapping and what is refused, with the texts of spec/http-api.md §4.10.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import {
  isReservedHeader,
  type MappingValue,
  parseRequestChange,
  parseRequestMappings,
  parseResponseChange,
  parseResponseMappings,
  printChangeKey,
  type Side,
} from './mapping.ts';

const fixed = (content: string): MappingValue => ({ kind: 'static', text: content });

const PREFIX = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : [';
const rejects = (work: () => unknown, ...causes: string[]) =>
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof GrammarError);
    assert.equal(error.message, `${PREFIX}${causes.join(', ')}]`);
    return true;
  });

const keys: readonly [source: string, side: Side, key: string, change: object][] = [
  [
    '§4.2',
    'request',
    'append:header.X-Req',
    { at: 'header', action: 'append', name: 'X-Req', value: fixed('v') },
  ],
  [
    '§4.2',
    'request',
    'overwrite:header.x',
    { at: 'header', action: 'overwrite', name: 'x', value: fixed('v') },
  ],
  ['§4.2', 'request', 'remove:header.x', { at: 'header', action: 'remove', name: 'x' }],
  [
    '§4.2',
    'request',
    "append:header.!#$%&'*+-.^_`|~09",
    { at: 'header', action: 'append', name: "!#$%&'*+-.^_`|~09", value: fixed('v') },
  ],
  [
    '§4.2',
    'request',
    'append:querystring.a.b-c',
    { at: 'query', action: 'append', name: 'a.b-c', value: fixed('v') },
  ],
  [
    '§4.2',
    'request',
    'overwrite:querystring.x y',
    { at: 'query', action: 'overwrite', name: 'x y', value: fixed('v') },
  ],
  ['§4.2', 'request', 'remove:querystring.qs1', { at: 'query', action: 'remove', name: 'qs1' }],
  ['§4.2', 'request', 'overwrite:path', { at: 'path', action: 'overwrite', value: fixed('v') }],
  [
    '§4.16#22',
    'request',
    'overwrite:header.x-forwarded-port',
    { at: 'header', action: 'overwrite', name: 'x-forwarded-port', value: fixed('v') },
  ],
  [
    '§4.16#16',
    'request',
    'overwrite:header.host',
    { at: 'header', action: 'overwrite', name: 'host', value: fixed('v') },
  ],
  [
    '§4.16#71',
    'request',
    'overwrite:header.content-type',
    { at: 'header', action: 'overwrite', name: 'content-type', value: fixed('v') },
  ],
  ['§4.3', 'response', 'append:header.x', { at: 'header', action: 'append', name: 'x', value: fixed('v') }],
  ['§4.3', 'response', 'remove:header.server', { at: 'header', action: 'remove', name: 'server' }],
  ['§4.3', 'response', 'overwrite:statuscode', { at: 'status', action: 'overwrite', value: fixed('v') }],
];
for (const [source, side, key, expected] of keys) {
  test(`${source}: ${key} is a key of a ${side} mapping`, () => {
    const change = side === 'request' ? parseRequestChange(key, 'v') : parseResponseChange(key, 'v');
    assert.deepEqual(change, { key, ...expected });
    assert.equal(printChangeKey(change), key);
  });
}

const badKeys: readonly [source: string, side: Side, key: string][] = [
  ['§4.10', 'request', 'badaction:header.x'],
  ['§4.16#63', 'request', 'append:path'],
  ['§4.16#64', 'request', 'Overwrite:header.x'],
  ['§4.2', 'request', 'remove:path'],
  ['§4.2', 'request', 'overwrite:method'],
  ['§4.2', 'request', 'overwrite:body'],
  ['§4.2', 'request', 'overwrite:path.x'],
  ['§4.2', 'request', 'overwrite:statuscode'],
  ['§4.2', 'request', 'append:Header.x'],
  ['§4.2', 'request', 'append:header.'],
  ['§4.2', 'request', 'append:header.a b'],
  ['§4.2', 'request', 'append:header.a\r\nb'],
  ['§4.2', 'request', 'append:header.ä'],
  ['§4.2', 'request', 'append:querystring.'],
  ['§4.2', 'request', ' append:header.x'],
  ['§4.2', 'request', ''],
  ['§4.1', 'request', 'integration.request.header.x'],
  ['§4.10', 'response', 'badaction:header.x'],
  ['§4.17#22', 'response', 'append:overwrite.static'],
  ['§4.17#23', 'response', 'append:querystring.x'],
  ['§4.17#24', 'response', 'overwrite:path'],
  ['§4.3', 'response', 'overwrite.statuscode'],
  ['§4.3', 'response', 'overwrite:statusCode'],
  ['§4.3', 'response', 'append:statuscode'],
  ['§4.3', 'response', 'remove:statuscode'],
];
for (const [source, side, key] of badKeys) {
  test(`${source}: ${JSON.stringify(key)} is none of a ${side} mapping`, () => {
    const title = side === 'request' ? 'Request' : 'Response';
    const parse = side === 'request' ? parseRequestChange : parseResponseChange;
    rejects(() => parse(key, 'v'), `Invalid ${title} Actioned Parameter destination specified: ${key}`);
  });
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

test('§4.8: reserved names are no destinations, in any letter case, on either side', () => {
  for (const name of reserved) {
    assert.ok(isReservedHeader(name), name);
    for (const written of [name, name.toUpperCase()]) {
      const cause = `Operations on header ${written} are restricted`;
      rejects(() => parseRequestChange(`overwrite:header.${written}`, 'v'), cause);
      rejects(() => parseRequestChange(`remove:header.${written}`, ''), cause);
      rejects(() => parseResponseChange(`append:header.${written}`, 'v'), cause);
    }
  }
});

test('§4.8: all other names are', () => {
  for (const name of free) assert.ok(!isReservedHeader(name), name);
});

test('C31: reserved headers may be sources', () => {
  const change = parseRequestChange('append:header.x', '$request.header.Authorization');
  assert.deepEqual('value' in change && change.value, {
    kind: 'selector',
    part: { from: 'header', name: 'Authorization' },
  });
});

test('§4.11: the value of a removal is not looked at', () => {
  for (const value of ['', "''", '$foo', '${']) {
    assert.equal(parseRequestChange('remove:header.x', value).action, 'remove');
  }
});

test('§4.12: but it has a length', () => {
  const long = 'x'.repeat(513);
  rejects(() => parseRequestChange('remove:header.x', long), `Invalid mapping expression specified: ${long}`);
});

test('§4.10, C43: several bad entries are all named, in the order of their keys', () => {
  rejects(
    () =>
      parseRequestMappings({
        'overwrite:header.x': '$foo.bar',
        'overwrite:header.via': 'y',
        'bad:key': 'x',
        'append:header.ok': 'y',
      }),
    'Invalid Request Actioned Parameter destination specified: bad:key',
    'Operations on header via are restricted',
    'Invalid mapping expression specified: $foo.bar',
  );
});

test('C43: bad entries of several statuses too', () => {
  rejects(
    () => parseResponseMappings({ '200': { 'bad:key': 'x' }, '404': { 'append:header.x': '$request.path' } }),
    'Invalid Response Actioned Parameter destination specified: bad:key',
    'Invalid mapping expression specified: $request.path',
  );
});

for (const status of ['199', '600', '2xx', 'abc', 'default', '', '20', '0200', '200.0', ' 200', '२००']) {
  test(`§4.9: ${JSON.stringify(status)} is no status`, () => {
    rejects(
      () => parseResponseMappings({ [status]: { 'bad:key': '$x' } }),
      `Status Code ${status} is not valid.`,
    );
  });
}

test('§4.9, C43: of bad statuses the first is named, and nothing else', () => {
  rejects(
    () => parseResponseMappings({ a: {}, b: {}, '200': { 'bad:key': 'x' } }),
    'Status Code a is not valid.',
  );
});

test('§4.9: 200 and 599 are statuses', () => {
  const parsed = parseResponseMappings({ '200': { 'overwrite:statuscode': '204' }, '599': {} });
  assert.deepEqual([...parsed.keys()], [200, 599]);
  assert.deepEqual(parsed.get(599), []);
});

test('§4.7: changes come in the order they apply: remove, overwrite, append, each in byte order of the key', () => {
  const map = {
    'append:header.b': '1',
    'append:header.B': '1',
    'append:querystring.a': '1',
    'overwrite:path': '/x',
    'overwrite:header.\u007e': '1',
    'overwrite:querystring.\uff5e': '1',
    'overwrite:querystring.\u{1f600}': '1',
    'remove:querystring.a': '',
    'remove:header.z': '',
  };
  const expected = [
    'remove:header.z',
    'remove:querystring.a',
    'overwrite:header.\u007e',
    'overwrite:path',
    'overwrite:querystring.\uff5e',
    'overwrite:querystring.\u{1f600}',
    'append:header.B',
    'append:header.b',
    'append:querystring.a',
  ];
  assert.deepEqual(parseRequestMappings(map).map(printChangeKey), expected);
});

test('keys named like members of objects are keys', () => {
  rejects(
    () => parseRequestMappings(JSON.parse('{"__proto__":"x","constructor":"x"}') as Record<string, string>),
    'Invalid Request Actioned Parameter destination specified: __proto__',
    'Invalid Request Actioned Parameter destination specified: constructor',
  );
});
