// What the views of live requests make of what was recorded (console/src/live): commands of a shell, bodies as text, filters.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { curlCommand } from '../../console/src/live/curl.ts';
import { parseFilters, printFilters } from '../../console/src/live/filters.ts';
import { hexDump } from '../../console/src/live/hex.ts';
import { prettyJson } from '../../console/src/live/pretty-json.ts';
import { editedOf, explainCallOf, mistakesOf } from '../../console/src/live/replay.ts';
import type { HttpParts } from '../../console/src/live/request-parts.ts';
import { printMillis, spansOf } from '../../console/src/live/spans.ts';
import { titleOf } from '../../console/src/live/titles.ts';
import { visibleText } from '../../console/src/parts/visible-text.ts';

const body = (text: string): HttpParts['body'] => ({
  bytes: Buffer.byteLength(text),
  isTruncated: false,
  text,
});
const parts = (given: Partial<HttpParts>): HttpParts => ({
  kind: 'http',
  method: 'GET',
  url: 'http://127.0.0.1:4700/pets',
  headers: [
    ['Host', '127.0.0.1:4700'],
    ['User-Agent', 'x'],
    ['Accept', '*/*'],
  ],
  body: undefined,
  ...given,
});

/** What a shell makes of commands: the words of each curl, and what it reads. Throws what the shell has to say. */
function wordsOf(
  commands: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): string[][] {
  const script = commands.map((command) => `${command}\nprintf '\\001'\n`).join('');
  const stand = `curl() { for word; do printf '%s\\0' "$word"; [ "$word" = @- ] && cat; done; true; }\n`;
  const input = `${stand}${script}`;
  const output = execFileSync('/bin/sh', [], {
    input,
    env: { PATH: process.env.PATH!, ...environment },
    stdio: 'pipe',
  });
  return output
    .toString('utf8')
    .split('\x01')
    .slice(0, -1)
    .map((words) => words.split('\0').filter((word) => word !== ''));
}

const BASE = ['--path-as-is', '--globoff'];
const AGENT = ['--header', 'User-Agent: x', '--header', 'Accept: */*'];

const COMMANDS: readonly (readonly [name: string, given: Partial<HttpParts>, words: readonly string[]])[] = [
  ['a GET', {}, [...BASE, 'http://127.0.0.1:4700/pets', ...AGENT]],
  [
    'a HEAD waits for no body',
    { method: 'HEAD' },
    [...BASE, '--head', 'http://127.0.0.1:4700/pets', ...AGENT],
  ],
  [
    'another method',
    { method: 'DELETE' },
    [...BASE, '--request', 'DELETE', 'http://127.0.0.1:4700/pets', ...AGENT],
  ],
  [
    'what curl would add is not',
    { headers: [] },
    [...BASE, 'http://127.0.0.1:4700/pets', '--header', 'Accept:', '--header', 'User-Agent:'],
  ],
  [
    'a header without a value',
    {
      headers: [
        ['X-Empty', ''],
        ['Accept', 'a'],
        ['User-Agent', 'b'],
      ],
    },
    [
      ...BASE,
      'http://127.0.0.1:4700/pets',
      '--header',
      'X-Empty;',
      '--header',
      'Accept: a',
      '--header',
      'User-Agent: b',
    ],
  ],
  [
    'another host than that of the URL, and no length',
    {
      headers: [
        ['Host', 'a.example'],
        ['Content-Length', '3'],
        ['Accept', 'a'],
        ['User-Agent', 'b'],
      ],
    },
    [
      ...BASE,
      'http://127.0.0.1:4700/pets',
      '--header',
      'Host: a.example',
      '--header',
      'Accept: a',
      '--header',
      'User-Agent: b',
    ],
  ],
  [
    'a body that looks like the name of a file',
    { method: 'POST', body: body('@/etc/passwd') },
    [
      ...BASE,
      'http://127.0.0.1:4700/pets',
      ...AGENT,
      '--header',
      'Content-Type:',
      '--data-raw',
      '@/etc/passwd',
    ],
  ],
  [
    'a body of a GET',
    { body: body('x') },
    [
      ...BASE,
      '--request',
      'GET',
      'http://127.0.0.1:4700/pets',
      ...AGENT,
      '--header',
      'Content-Type:',
      '--data-raw',
      'x',
    ],
  ],
  [
    'bytes that are no text',
    { method: 'POST', body: { bytes: 3, isTruncated: false, base64: 'QUJD' } },
    [
      ...BASE,
      'http://127.0.0.1:4700/pets',
      ...AGENT,
      '--header',
      'Content-Type:',
      '--data-binary',
      '@-',
      'ABC',
    ],
  ],
];

test('a command has the words of the request', () => {
  const words = wordsOf(COMMANDS.map(([, given]) => curlCommand(parts(given))));
  for (const [at, [name, , expected]] of COMMANDS.entries()) assert.deepEqual(words[at], expected, name);
});

test('whatever a request has, a shell takes it for text', () => {
  const texts = fc.sample(
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .filter((text) => !/[\0\x01\ud800-\udfff]/.test(text)),
    300,
  );
  const hostile = ["'", "'\\''", '$(id)', '`id`', '"$HOME"', '\\', '!!', '-o/tmp/x', '@x', '\n', ...texts];
  const words = wordsOf(
    hostile.map((text) =>
      curlCommand(
        parts({ method: 'POST', url: `http://h/${text}`, headers: [['X', text]], body: body(text) }),
      ),
    ),
  );
  hostile.forEach((text, at) => {
    const got = words[at]!;
    assert.ok(got.includes(`http://h/${text}`), `URL ${JSON.stringify(text)}`);
    assert.ok(got.includes(`X: ${text}`), `header ${JSON.stringify(text)}`);
    assert.equal(got.at(-1), text);
  });
});

test('what is masked is a variable that the shell insists on', () => {
  const command = curlCommand(
    parts({
      url: 'http://h/?a=1&token=••••&b=2',
      headers: [
        ['Authorization', 'Bearer ••••'],
        ['X-Api-Key', '••••'],
      ],
      body: body('{"password":"••••"}'),
    }),
  );
  assert.throws(() => wordsOf([`set -e; ${command}`]), /is masked/);
  const [words] = wordsOf([command], { TOKEN: 't', AUTHORIZATION: 'a b', X_API_KEY: 'k"', BODY_PART: 'p' });
  for (const word of [
    'http://h/?a=1&token=t&b=2',
    'Authorization: Bearer a b',
    'X-Api-Key: k"',
    '{"password":"p"}',
  ])
    assert.ok(words!.includes(word), word);
});

test('JSON is printed in lines, and says what it said', () => {
  const rows: readonly (readonly [text: string, printed: string | undefined])[] = [
    [
      '{"a":[1,{"b":"x, {y}: \\"z\\""}],"c":{}}',
      '{\n  "a": [\n    1,\n    {\n      "b": "x, {y}: \\"z\\""\n    }\n  ],\n  "c": {}\n}',
    ],
    [
      '{"id":12345678901234567890,"x":1.0,"x":1e400}',
      '{\n  "id": 12345678901234567890,\n  "x": 1.0,\n  "x": 1e400\n}',
    ],
    ['[]', '[]'],
    [' [ true ]\n', '[\n  true\n]'],
    ['"text"', undefined],
    ['{"a":', undefined],
    ['{a:1}', undefined],
  ];
  for (const [text, printed] of rows) assert.equal(prettyJson(text), printed, text);
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const printed = prettyJson(text);
      if (printed !== undefined)
        assert.equal(JSON.stringify(JSON.parse(printed)), JSON.stringify(JSON.parse(text)));
    }),
  );
  assert.ok(prettyJson('['.repeat(5000) + ']'.repeat(5000))!.length < 2_000_000);
});

test('bytes are printed sixteen a line', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, at) => at + 60);
  assert.equal(
    hexDump(bytes),
    '00000000  3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK\n' +
      '00000010  4c 4d 4e 4f                                       LMNO',
  );
  assert.equal(hexDump(new Uint8Array()), '');
});

test('filters are in the address, and leave what else is there', () => {
  assert.deepEqual(parseFilters('?api=a1&status=5xx&route=GET+%2Fa&other=1&kind='), {
    api: 'a1',
    route: 'GET /a',
    status: '5xx',
  });
  assert.equal(
    printFilters({ status: '5xx', text: 'a b' }, '?compare=x&status=404'),
    '?compare=x&status=5xx&text=a+b',
  );
  assert.equal(printFilters({ status: '' }, ''), '');
});

test('a replay leaves out the masked headers that nobody filled in, and takes no mask for a value', () => {
  const given = parts({
    url: 'http://h/?token=••••',
    headers: [
      ['Host', 'h'],
      ['Authorization', 'Bearer ••••'],
      ['Cookie', '••••'],
      ['X', '1'],
      ['Content-Length', '2'],
    ],
    body: body('••••'),
  });
  const edited = editedOf(given);
  assert.deepEqual(edited.headers, [
    ['Authorization', 'Bearer'],
    ['Cookie', ''],
    ['X', '1'],
  ]);
  assert.deepEqual(Object.keys(mistakesOf(given, edited)), ['url', 'body']);
  assert.deepEqual(explainCallOf(given, { ...edited, url: 'http://h/', body: '' }), {
    method: 'GET',
    url: 'http://h/',
    headers: [['X', '1']],
    body: '',
  });
  const filled = edited.headers.map(
    ([name, value]) => [name, name === 'Authorization' ? 'Bearer x' : value] as const,
  );
  assert.deepEqual((explainCallOf(given, { ...edited, headers: filled }) as { headers: unknown }).headers, [
    ['Authorization', 'Bearer x'],
    ['X', '1'],
  ]);
});

test('the time that is nobody else’s is the gateway’s', () => {
  assert.deepEqual(spansOf({ millis: 10, authorizerMillis: 2, integrationMillis: 7 }), [
    { name: 'authorizer', millis: 2 },
    { name: 'integration', millis: 7 },
    { name: 'gateway', millis: 1 },
  ]);
  // Clocks of parts are rounded.
  assert.deepEqual(spansOf({ millis: 1, integrationMillis: 1.1 }), [
    { name: 'integration', millis: 1.1 },
    { name: 'gateway', millis: 0 },
  ]);
  assert.deepEqual([0.4211, 9.999, 17.4, 1250].map(printMillis), ['0.42 ms', '10 ms', '17 ms', '1.25 s']);
});

test('what would turn a line around is written out', () => {
  assert.equal(
    visibleText('a\u202eb\u0000c\u200bd\u001b[31m\te\r\nf'),
    'a\\u{202e}b\\u{0}c\\u{200b}d\\u{1b}[31m\te\nf',
  );
  assert.equal(visibleText('שלום ☕ 👨‍👩‍👧'), 'שלום ☕ 👨‍👩‍👧');
});

test('a request has a title, whatever is known of it', () => {
  const connectionId = 'L0SM9cOFvHcCIhw=';
  assert.equal(titleOf({ kind: 'http', method: 'GET', path: '/pets?x=1' }), 'GET /pets?x=1');
  assert.equal(titleOf({ kind: 'message', connectionId }), `message without a route on ${connectionId}`);
  assert.equal(
    titleOf({ kind: 'post', connectionId, method: 'POST', path: '/dev/@connections/x' }),
    'POST /dev/@connections/x',
  );
  assert.equal(titleOf({ kind: 'post', connectionId }), `sent to ${connectionId}`);
});
