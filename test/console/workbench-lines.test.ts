// Lines of a trace and the mappings that made them (console/src/workbench/lines; spec/http-api.md §4.7, §4.13).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backendRequestLines, responseLines } from '../../console/src/workbench/lines/http-lines.ts';
import { jsonLines, prettyJson } from '../../console/src/workbench/lines/json-lines.ts';
import { type Line, makersOf, textOf } from '../../console/src/workbench/lines/line.ts';
import { type MappingStep, outcomeOf } from '../../console/src/workbench/lines/outcome.ts';
import type { Trace } from '../../src/http-api/explain/trace.ts';

type Headers = readonly (readonly [string, string])[];

/** `+x-a: 1 <- request/append:header.x-a`. */
function print(line: Line): string {
  const sign = { same: ' ', added: '+', changed: '~', removed: '-' }[line.kind];
  const makers = makersOf(line);
  return `${sign}${textOf(line)}${makers.length === 0 ? '' : ` <- ${makers.join(', ')}`}`;
}

function trace(parts: Partial<Trace>): Trace {
  return {
    request: { method: 'GET', url: 'http://h/prod/pets/7?color=red&size=2', headers: [] },
    requestId: 'r',
    stage: {
      apiId: 'a',
      accountId: '0',
      region: 'r',
      name: 'prod',
      deploymentId: 'd',
      variables: {},
      path: '/pets/7',
    },
    requestMappings: [],
    responseMappings: [],
    reply: { status: 200, headers: [], body: '', bodyBytes: 0 },
    millis: 1,
    ...parts,
  };
}

const TO = ' To http://b <- setting/IntegrationUri';

interface Asked {
  readonly before?: Headers;
  readonly line?: string;
  readonly after?: Headers;
  readonly steps?: readonly MappingStep[];
  readonly method?: string;
}

const requests: readonly [says: string, asked: Asked, lines: readonly string[]][] = [
  ['nothing is changed without mappings', {}, [TO, ' GET /pets/7?color=red&size=2 HTTP/1.1']],
  [
    'headers are the same, or the gateway has them added, changed and left out',
    {
      before: [
        ['host', 'h'],
        ['te', 'x'],
        ['x-a', '1'],
      ],
      after: [
        ['X-A', '1'],
        ['host', 'b'],
        ['via', 'v'],
      ],
    },
    [TO, ' GET /pets/7?color=red&size=2 HTTP/1.1', ' X-A: 1', '~host: b', '+via: v', '-te: x'],
  ],
  [
    'a header is renamed by two mappings',
    {
      before: [['X-Version', '7']],
      after: [['x-client-version', '7']],
      steps: [
        { key: 'remove:header.x-version', before: '7' },
        {
          key: 'append:header.x-client-version',
          value: '$request.header.x-version',
          result: '7',
          after: '7',
        },
      ],
    },
    [
      TO,
      ' GET /pets/7?color=red&size=2 HTTP/1.1',
      '+x-client-version: 7 <- request/append:header.x-client-version',
      '-X-Version: 7 <- request/remove:header.x-version',
    ],
  ],
  [
    'appends stand behind what was there, each with its own mapping',
    {
      before: [['x-t', 'a']],
      after: [
        ['x-t', 'a'],
        ['x-t', 'b'],
        ['x-t', 'c'],
      ],
      steps: [
        { key: 'append:header.x-t.1', value: 'b', result: 'b' },
        { key: 'append:header.x-t.2', value: 'c', result: 'c' },
      ],
    },
    [
      TO,
      ' GET /pets/7?color=red&size=2 HTTP/1.1',
      ' x-t: a',
      '+x-t: b <- request/append:header.x-t.1',
      '+x-t: c <- request/append:header.x-t.2',
    ],
  ],
  [
    'an overwrite changes, and one without a value does nothing',
    {
      before: [
        ['x-a', '1'],
        ['x-b', '2'],
      ],
      after: [
        ['x-a', '3'],
        ['x-b', '2'],
      ],
      steps: [
        { key: 'overwrite:header.x-a', value: '3', result: '3' },
        { key: 'overwrite:header.x-b', value: '$request.header.x-none' },
      ],
    },
    [TO, ' GET /pets/7?color=red&size=2 HTTP/1.1', '~x-a: 3 <- request/overwrite:header.x-a', ' x-b: 2'],
  ],
  [
    'what a caller could forge goes where it has no value (§4.13)',
    {
      before: [['x-user', 'forged']],
      steps: [{ key: 'overwrite:header.x-user', value: '$context.authorizer.user', cleared: true }],
    },
    [TO, ' GET /pets/7?color=red&size=2 HTTP/1.1', '-x-user: forged <- request/overwrite:header.x-user'],
  ],
  [
    'path and query are pieces of one line',
    {
      line: 'POST /animals/7?size=2&color=dark&a%20b=1 HTTP/1.1',
      steps: [
        { key: 'overwrite:path', value: '/animals/${request.path.petId}', result: '/animals/7' },
        { key: 'overwrite:querystring.color', value: 'dark', result: 'dark' },
        { key: 'append:querystring.a b', value: '1', result: '1' },
      ],
    },
    [
      TO,
      '~POST /animals/7?size=2&color=dark&a%20b=1 HTTP/1.1 <- setting/IntegrationMethod, request/overwrite:path, ' +
        'request/overwrite:querystring.color, request/append:querystring.a b',
    ],
  ],
  [
    'a pair that is removed has a line of its own',
    { line: 'GET /pets/7?size=2 HTTP/1.1', steps: [{ key: 'remove:querystring.color', before: 'red' }] },
    [TO, '~GET /pets/7?size=2 HTTP/1.1', '-?color=red <- request/remove:querystring.color'],
  ],
  [
    'a query that stands in the mapped path is of that mapping',
    {
      line: 'GET /x?y=1&color=red&size=2 HTTP/1.1',
      steps: [{ key: 'overwrite:path', value: '/x?y=1', result: '/x?y=1' }],
    },
    [TO, '~GET /x?y=1&color=red&size=2 HTTP/1.1 <- request/overwrite:path'],
  ],
];
for (const [says, { before = [], after = [], steps = [], ...asked }, expected] of requests) {
  test(`backend request: ${says}`, () => {
    const line = asked.line ?? 'GET /pets/7?color=red&size=2 HTTP/1.1';
    const given = trace({
      requestMappings: steps,
      backendRequest: { origin: 'http://b', line, headers: after, bodyBytes: 0 },
    });
    const lines = backendRequestLines({ ...given, request: { ...given.request, headers: before } }, '');
    assert.deepEqual(lines.map(print), expected);
  });
}

test('a backend request that was not made has no lines, and a body stands below an empty one', () => {
  assert.deepEqual(backendRequestLines(trace({}), 'x'), []);
  const backendRequest = { origin: 'http://b', line: 'GET / HTTP/1.1', headers: [], bodyBytes: 3 };
  assert.deepEqual(backendRequestLines(trace({ backendRequest }), 'a\nb').map(textOf).slice(-3), [
    '',
    'a',
    'b',
  ]);
});

test('a response knows the mappings of the status that the backend answered', () => {
  const given = trace({
    backendReply: {
      status: 500,
      headers: [
        ['content-type', 'text/plain'],
        ['x-secret', 's'],
      ],
    },
    responseMappings: [
      { key: 'remove:header.x-secret', before: 's' },
      { key: 'overwrite:statuscode', value: '403', result: '403', before: '500', after: '403' },
      { key: 'append:header.x-id', value: '$context.requestId', result: 'r', after: 'r' },
    ],
    reply: {
      status: 403,
      headers: [
        ['content-type', 'text/plain'],
        ['x-id', 'r'],
        ['apigw-requestid', 'r'],
      ],
      body: 'no',
      bodyBytes: 2,
    },
  });
  assert.deepEqual(responseLines(given).map(print), [
    '~HTTP 403 <- response/500/overwrite:statuscode',
    ' content-type: text/plain',
    '+x-id: r <- response/500/append:header.x-id',
    '+apigw-requestid: r',
    '-x-secret: s <- response/500/remove:header.x-secret',
    ' ',
    ' no',
  ]);
});

test('an answer of the gateway alone has no mappings', () => {
  const reply = { status: 404, headers: [['a', 'b']] as Headers, body: '{}', bodyBytes: 2 };
  assert.deepEqual(responseLines(trace({ reply })).map(print), [' HTTP 404', ' a: b', ' ', ' {}']);
});

test('members of a service input know the mapping with their name, wherever they stand', () => {
  const lines = jsonLines({ Entries: [{ Detail: '{}', Source: 's' }] }, ['Detail', 'DetailType']);
  assert.deepEqual(lines.map(print), [
    ' {',
    '   "Entries": [',
    '     {',
    '+      "Detail": "{}", <- request/Detail',
    '       "Source": "s"',
    '     }',
    '   ]',
    ' }',
  ]);
  assert.deepEqual([prettyJson('{"a":1}'), prettyJson('{a')], ['{\n  "a": 1\n}', '{a']);
});

const outcomes: readonly [step: MappingStep, text: string, kind: string][] = [
  [{ key: 'append:header.a', value: 'x', result: 'x' }, '→ x', 'value'],
  [{ key: 'append:header.a', value: "''", result: '' }, '→ (empty)', 'value'],
  [{ key: 'append:header.a', value: '$request.header.b' }, 'no value: the mapping was skipped', 'none'],
  [
    { key: 'overwrite:header.a', value: '$context.authorizer.b', cleared: true },
    'no value: what the client sent was removed',
    'removed',
  ],
  [{ key: 'remove:header.a', before: 'x' }, 'removed x', 'removed'],
  [{ key: 'remove:header.a' }, 'there was nothing to remove', 'none'],
];
for (const [step, text, kind] of outcomes) {
  test(`${JSON.stringify(step)} came to ${JSON.stringify(text)}`, () => {
    assert.deepEqual(outcomeOf(step), { text, kind });
  });
}
