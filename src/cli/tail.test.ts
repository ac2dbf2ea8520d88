// `postern tail` beside a server that says what the tests have it say.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { RequestSummary } from '../stage/request-summary.ts';
import { type Command, parseCommandLine } from './command-line.ts';
import { runTail } from './tail.ts';
import { createPaint } from './terminal.ts';

type TailCommand = Extract<Command, { readonly name: 'tail' }>;

const REQUEST: RequestSummary = {
  id: 'JKx1abcdPHcEJKQ=',
  at: 1_796_064_977_014,
  kind: 'http',
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1b2c3d4e5',
  stage: 'prod',
  routeKey: 'GET /pets/{id}',
  method: 'GET',
  host: 'a.example',
  path: '/prod/pets/1',
  status: 200,
  millis: 1.25,
  requestBytes: 0,
  replyBytes: 2,
  sourceIp: '127.0.0.1',
};

/** What is printed until the server has nothing more to say: each of `streams` is what one stream has. */
async function tail(words: readonly string[], isTerminal: boolean, ...streams: readonly string[]) {
  const asked: string[] = [];
  let next = 0;
  const server = createServer((request, response: ServerResponse) => {
    if (request.url === '/_postern/health') return void response.end('{}');
    asked.push(request.url!);
    const text = streams[next++];
    if (text !== undefined) return void response.end(text);
    response.statusCode = 409;
    response.end('{"message":"Live requests are off here"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let output = '';
  let errors = '';
  const doors = { kind: 'shared', address: { host: '127.0.0.1', port: 1 } } as const;
  const end: unknown = await runTail({
    command: parseCommandLine(['tail', ...words, '--endpoint', endpoint]) as TailCommand,
    settings: { doors, tls: undefined, credentials: [], region: 'us-east-1' },
    environment: {},
    output: { write: (text) => (output += text) },
    errors: { write: (text) => (errors += text.replaceAll(endpoint, 'SERVER')) },
    isTerminal,
    paint: createPaint(false),
  }).catch((error: unknown) => error);
  server.close();
  return { output, errors, asked, end: String(end).replaceAll(endpoint, 'SERVER') };
}

const requests = (...list: readonly Partial<RequestSummary>[]): string =>
  `event: requests\ndata: ${JSON.stringify(list.map((each) => ({ ...REQUEST, ...each })))}\n\n`;

test('on a terminal a request is a line of columns, with its failure and its id', async () => {
  const { output, end } = await tail(
    [],
    true,
    `: stream\n\n${requests({}, { status: 404, failure: 'no route' })}`,
  );
  const [first, second] = output.split('\n');
  const time = new Date(REQUEST.at).toTimeString().slice(0, 8);
  assert.equal(
    first,
    `${time} 200 GET            1.3 ms  /prod/pets/1  GET /pets/{id}  a1b2c3d4e5/prod  JKx1abcdPHcEJKQ=`,
  );
  assert.match(second!, / 404 GET .* \/prod\/pets\/1 {2}no route {2}GET /);
  assert.equal(end, 'Error: The server at SERVER shows no requests: Live requests are off here.');
});

test('elsewhere, and with --json, it is JSON', async () => {
  const stream = `${requests({})}event: skipped\ndata: {"count":7}\n\n`;
  for (const [words, isTerminal] of [
    [[], false],
    [['--json'], true],
  ] as const) {
    const { output } = await tail(words, isTerminal, stream);
    assert.deepEqual(
      output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [REQUEST, { skipped: 7 }],
    );
  }
});

test('what the stream leaves out is told', async () => {
  const { output } = await tail([], true, 'event: skipped\ndata: {"count":7}\n\n');
  assert.equal(output, '… and 7 more\n');
});

test('a server that restarts is waited for, and asked for the same', async () => {
  const words = ['--api', 'a1', '--status', '5xx', '--route', 'GET /a b', '--text', 'x&y'];
  const { output, errors, asked } = await tail(
    words,
    false,
    requests({ id: 'one' }),
    requests({ id: 'two' }),
  );
  assert.deepEqual(
    output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id),
    ['one', 'two'],
  );
  const path = '/_postern/requests/stream?api=a1&status=5xx&route=GET%20%2Fa%20b&text=x%26y';
  assert.deepEqual(asked, [path, path, path]);
  assert.match(
    errors,
    /^The server at SERVER has ended the stream: waiting for it to come back\.\nThe server at SERVER is back/,
  );
});

const HOSTILE = '\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202egnp\u2028';
test('nothing in a request has power over the terminal, nor can it make a line of its own', async () => {
  const hostile = {
    path: HOSTILE,
    failure: HOSTILE,
    routeKey: HOSTILE,
    id: HOSTILE,
    method: HOSTILE,
    host: HOSTILE,
  };
  for (const [words, isTerminal] of [
    [[], true],
    [['--json'], true],
  ] as const) {
    const { output } = await tail(words, isTerminal, requests(hostile, { apiId: '', host: HOSTILE }));
    assert.equal(output.split('\n').length, 3);
    assert.doesNotMatch(output.replaceAll('\n', ''), /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
  }
});

test('where nobody is, a sentence says so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const doors = { kind: 'shared', address: { host: '127.0.0.1', port } } as const;
  const sink = { write: () => true };
  await assert.rejects(
    runTail({
      command: parseCommandLine(['tail']) as TailCommand,
      settings: { doors, tls: undefined, credentials: [], region: 'us-east-1' },
      environment: {},
      output: sink,
      errors: sink,
      isTerminal: true,
      paint: createPaint(false),
    }),
    /^Error: No Postern answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one/,
  );
});
