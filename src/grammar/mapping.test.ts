// Whole maps: what is refused when it is written, with the texts of spec/http-api.md §4.10, and how stored ones are read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import {
  checkRequestMappings,
  checkResponseMappings,
  parseRequestMappings,
  parseResponseMappings,
} from './mapping.ts';

type Map = Record<string, string>;

const PREFIX = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : [';
const rejects = (work: () => unknown, ...causes: (string | RegExp)[]) =>
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof GrammarError);
    if (causes.length === 1 && causes[0] instanceof RegExp) {
      assert.ok(error.message.startsWith(PREFIX));
      assert.match(error.message, causes[0]);
    } else assert.equal(error.message, `${PREFIX}${causes.join(', ')}]`);
    return true;
  });
const checkRequest = (map: Map) => checkRequestMappings(map, map);
const checkResponse = (map: Record<string, Map>) => checkResponseMappings(map, map);

test('C31: reserved headers may be sources', () => {
  checkRequest({ 'append:header.x': '$request.header.Authorization' });
  const [change] = parseRequestMappings({ 'append:header.x': '$request.header.Authorization' });
  assert.deepEqual(change, {
    key: 'append:header.x',
    at: 'header',
    name: 'x',
    action: 'append',
    value: { kind: 'selector', part: { from: 'header', name: 'Authorization' } },
  });
});

test('§4.11: a removal has two quotes for a value, or nothing', () => {
  for (const value of ['', "''"]) {
    checkRequest({ 'remove:header.x': value });
    checkResponse({ 200: { 'remove:header.x': value } });
  }
  for (const value of ['""', "'", "'''", 'yes', ' ', '$request.path', '${', 'x'.repeat(513)]) {
    const cause = `Invalid mapping expression specified: ${value}`;
    rejects(() => checkRequest({ 'remove:header.x': value }), cause);
    rejects(() => checkRequest({ 'remove:querystring.x': value }), cause);
    rejects(() => checkResponse({ 200: { 'remove:header.x': value } }), cause);
  }
});

test('§4.11: of entries without value the key is checked', () => {
  checkRequestMappings({ 'append:header.x': '', 'overwrite:path': '' }, {});
  checkResponseMappings({ 404: { 'overwrite:statuscode': '' } }, {});
  rejects(
    () => checkRequestMappings({ 'bad:header.x': '' }, {}),
    'Invalid Request Actioned Parameter destination specified: bad:header.x',
  );
  rejects(
    () => checkRequestMappings({ 'append:header.x%20a': '' }, {}),
    'Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$',
  );
  rejects(
    () => checkResponseMappings({ 200: { 'append:header.via': '' } }, {}),
    'Operations on header via are restricted',
  );
});

test('§4.10, C43: several bad entries are all named, in the order of their keys', () => {
  rejects(
    () =>
      checkRequest({
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
    () => checkResponse({ '200': { 'bad:key': 'x' }, '404': { 'append:header.x': '$request.path' } }),
    'Invalid Response Actioned Parameter destination specified: bad:key',
    'Invalid mapping expression specified: $request.path',
  );
});

const NO_STATUSES = ['199', '600', '2xx', 'abc', 'default', '', '20', '0200', '200.0', ' 200', '200 ', '२००'];
for (const status of NO_STATUSES) {
  test(`§4.9: ${JSON.stringify(status)} is no status`, () => {
    const map = { [status]: { 'bad:key': '$x' } };
    rejects(() => checkResponse(map), `Status Code ${status} is not valid.`);
    rejects(() => parseResponseMappings(map), `Status Code ${status} is not valid.`);
  });
}

test('§4.9, C43: of bad statuses the first is named, and nothing else', () => {
  rejects(() => checkResponse({ a: {}, b: {}, '200': { 'bad:key': 'x' } }), 'Status Code a is not valid.');
});

test('§4.9: 200 and 599 are statuses', () => {
  const map = { '200': { 'overwrite:statuscode': '204' }, '599': {} };
  checkResponse(map);
  const parsed = parseResponseMappings(map);
  assert.deepEqual([...parsed.keys()], [200, 599]);
  assert.deepEqual(parsed.get(599), []);
});

for (const status of [
  '200',
  '599',
  '404',
  '$response.header.x-s',
  '${response.body.s}',
  '4$response.header.x-s',
]) {
  test(`§4.9: a status may become ${status}`, () => {
    checkResponse({ 200: { 'overwrite:statuscode': status } });
  });
}
for (const status of [
  '42',
  '100',
  '199',
  '600',
  '1000',
  '404.0',
  '-404',
  '+404',
  'abc',
  ' 404',
  '404 ',
  '0404',
  '$',
  '4e2',
]) {
  test(`§4.9: but not ${JSON.stringify(status)}`, () => {
    const cause = `Status Code ${status} is not valid.`;
    rejects(() => checkResponse({ 200: { 'overwrite:statuscode': status } }), cause);
    rejects(
      () =>
        checkResponse({ 200: { 'overwrite:statuscode': '202' }, 500: { 'overwrite:StatusCode': status } }),
      cause,
    );
  });
}

const singles: readonly [why: string, map: Map][] = [
  ['two names', { 'append:header.h2': '$request.header.h1', 'remove:header.h1': "''" }],
  ['a suffix', { 'append:header.x-a': '1', 'overwrite:header.x-a.1': '2' }],
  ['two suffixes', { 'append:header.x-a.1': '1', 'append:header.x-a.2': '2', 'append:header.x-a.1.2': '3' }],
  ['suffixes compare as text', { 'append:header.x-a.1': '1', 'append:header.x-a.01': '2' }],
  [
    'query names',
    { 'overwrite:querystring.k': 'x', 'remove:querystring.k': '', 'append:querystring.k': 'y' },
  ],
  ['query names with suffixes', { 'append:querystring.k.1': 'x', 'overwrite:querystring.k.1': 'y' }],
  ['a header and a query name', { 'append:header.k': 'x', 'append:querystring.k': 'y' }],
];
for (const [why, map] of singles) {
  test(`§4.2: one key a destination: ${why}`, () => checkRequest(map));
}

const doubles: readonly [map: Map][] = [
  [{ 'append:header.x-a': '1', 'remove:header.X-A': "''" }],
  [{ 'append:header.x-a': '1', 'overwrite:header.x-a': '2' }],
  [{ 'append:header.x-a': '1', 'append:header.X-a': '2' }],
  [{ 'append:header.x-a.1': '1', 'overwrite:header.X-A.1': '2' }],
  [{ 'append:header.x-a.1.2': '1', 'append:header.x-A.1.2': '2' }],
  [{ 'overwrite:header.x-a': '1', 'overwrite:Header.X-A': '2' }],
  [{ 'overwrite:path': '/a', 'overwrite:Path': '/b' }],
];
for (const [map] of doubles) {
  const [first, second] = Object.keys(map).sort();
  test(`§4.2: not two: ${first} and ${second}`, () => {
    const cause = `Several keys for one destination specified: ${first} and ${second}`.replace(
      /[.$]/g,
      '\\$&',
    );
    rejects(() => checkRequest(map), new RegExp(cause));
    rejects(() => checkRequestMappings({}, map), new RegExp(cause));
    assert.equal(parseRequestMappings(map).length, 2, 'stored by older versions they work');
  });
}

test('§4.3: not two in one status either', () => {
  rejects(
    () => checkResponse({ 200: { 'append:header.x': '1', 'remove:header.X': '' } }),
    'Several keys for one destination specified: append:header.x and remove:header.X; ' +
      'a numeric suffix, such as .1, tells keys of a header apart',
  );
  rejects(
    () => checkResponse({ 200: { 'overwrite:statuscode': '201', 'overwrite:StatusCode': '202' } }),
    'Several keys for one destination specified: overwrite:StatusCode and overwrite:statuscode',
  );
  checkResponse({ 200: { 'append:header.x': '1' }, 404: { 'remove:header.X': '' } });
});

test('§4.7: changes come in the order they apply, several on one header by their suffixes', () => {
  const map = {
    'append:header.x.10': '1',
    'append:header.X.9': '1',
    'append:header.x': '1',
    'overwrite:path': '/x',
    'overwrite:header.x.11': '1',
    'remove:querystring.a': '',
    'remove:header.z': '',
  };
  const expected = [
    'remove:header.z',
    'remove:querystring.a',
    'overwrite:header.x.11',
    'overwrite:path',
    'append:header.x',
    'append:header.X.9',
    'append:header.x.10',
  ];
  const changes = parseRequestMappings(map);
  assert.deepEqual(
    changes.map(({ key }) => key),
    expected,
  );
  assert.deepEqual(
    changes.map((change) => ('name' in change ? change.name : '')),
    ['z', 'a', 'x', '', 'x', 'X', 'x'],
  );
});

test('§4.2, §4.4, §4.11: what older versions took and newer ones refuse is read as it was', () => {
  const changes = parseRequestMappings({
    'append:header.a!b': '{"k":1}',
    'append:header.c': 'US$50',
    'append:header.via': 'dropped',
    'remove:header.d': 'yes',
  });
  assert.deepEqual(
    changes.map((change) => [change.key, 'value' in change ? change.value : undefined]),
    [
      ['remove:header.d', undefined],
      ['append:header.a!b', { kind: 'static', text: '{"k":1}' }],
      ['append:header.c', { kind: 'static', text: 'US$50' }],
    ],
  );
});

test('keys named like members of objects are keys', () => {
  const map = JSON.parse('{"__proto__":"x","constructor":"x"}') as Map;
  const causes = [
    'Invalid Request Actioned Parameter destination specified: __proto__',
    'Invalid Request Actioned Parameter destination specified: constructor',
  ];
  rejects(() => checkRequest(map), ...causes);
  rejects(() => parseRequestMappings(map), ...causes);
});
