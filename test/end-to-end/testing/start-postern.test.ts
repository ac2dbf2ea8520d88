// `postern/testing`: a Postern in the test's own process, by unmodified clients over real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import { startPostern } from '../../../src/testing/entry.ts';
import type { Fault, LogLine } from '../../../src/testing/interface.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';
import { makeHttpApi, makeWebSocketApi } from '../../support/testing-apis.ts';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer } from '../../support/token-issuer.ts';

const ISSUER = 'https://issuer.example/';
const key = makeKey('ES256', 'k');
const backend = await startRecordingBackend();
const issuer = await startTokenIssuer(ISSUER, [key]);
const { port } = backend;
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'postern-own-'));
const directory = mkdtempSync(join(tmpdir(), 'postern-who-'));
writeFileSync(
  join(directory, 'who.mjs'),
  'let asked = 0;\nexport const handler = async () => ({ isAuthorized: true, context: { asked: ++asked } });\n',
);
const SETTINGS = {
  jwt: { issuers: { [ISSUER]: { address: issuer.address } } },
  functions: { who: { file: join(directory, 'who.mjs'), concurrency: 1 } },
};
const postern = await startPostern({ settings: SETTINGS });
const client = new ApiGatewayV2Client(postern.awsConfig);
const { clock, faults } = postern;

after(async () => {
  client.destroy();
  await postern.close();
  await Promise.all([backend.close(), issuer.close()]);
  rmSync(tmpdir(), { recursive: true });
});

afterEach(async () => {
  backend.script();
  await postern.reset();
});

/** A WebSocket API whose connect requests need a key. */
const KEYED = {
  Resources: {
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: 'keyed',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: 'prod', AutoDeploy: true },
    },
    Connect: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: { Ref: 'Api' }, RouteKey: '$connect', ApiKeyRequired: true },
    },
  },
};

interface Got {
  readonly status: number;
  readonly body: string;
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  const response = await fetch(url, { headers });
  return { status: response.status, body: await response.text() };
}

async function statuses(url: string, count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await get(url)).status);
  return found;
}

async function connected(apiId: string): Promise<WebSocket> {
  const socket = new WebSocket(postern.wsUrl(apiId, 'prod'));
  await once(socket, 'open');
  return socket;
}

/** What the backend was told of who asked. */
const asked = () => backend.requests.map(({ headers }) => headers.find(([name]) => name === 'asked')?.[1]);

test('an API is called at its address, and told of it by the management API', async () => {
  const { apiId } = await makeHttpApi(client, { port });
  assert.deepEqual(await get(`${postern.url(apiId)}/open`), { status: 200, body: 'ok' });
  const { Items } = await client.send(new GetApisCommand({}));
  assert.equal((await get(`${Items![0]!.ApiEndpoint}/open`)).status, 200);
  assert.match(postern.url(apiId, 'prod'), /\/prod$/);
});

describe('the clock', () => {
  test('throttles fill again by it, and by nothing else while it stands', async () => {
    const { apiId } = await makeHttpApi(client, { port, throttle: { rate: 1, burst: 2 } });
    const url = `${postern.url(apiId)}/open`;
    clock.stop();
    assert.deepEqual(await statuses(url, 3), [200, 200, 429]);
    clock.advance(999);
    assert.deepEqual(await statuses(url, 1), [429]);
    clock.advance(1);
    assert.deepEqual(await statuses(url, 2), [200, 429]);
    clock.advance(60_000);
    assert.deepEqual(await statuses(url, 3), [200, 200, 429]);
  });

  test('a token is over by it', async () => {
    const { apiId } = await makeHttpApi(client, { port, issuer: ISSUER });
    const url = `${postern.url(apiId)}/jwt`;
    const token = makeToken(key, { iss: ISSUER, aud: 'pets', exp: secondsFromNow(3_600) });
    const call = async () => (await get(url, { Authorization: `Bearer ${token}` })).status;
    assert.equal(await call(), 200);
    clock.advance(3_500_000);
    assert.equal(await call(), 200);
    clock.advance(101_000);
    assert.equal(await call(), 401);
  });

  test("an issuer's keys are asked for again by it", async () => {
    const { apiId } = await makeHttpApi(client, { port, issuer: ISSUER });
    const token = makeToken(key, { iss: ISSUER, aud: 'pets', exp: secondsFromNow(360_000) });
    const call = () => get(`${postern.url(apiId)}/jwt`, { Authorization: `Bearer ${token}` });
    const asks = () => issuer.asked.filter((path) => path === '/keys').length;
    const before = asks();
    await call();
    await call();
    assert.equal(asks(), before + 1);
    clock.advance(121 * 60_000);
    assert.equal((await call()).status, 200);
    assert.equal(asks(), before + 2);
  });

  test('what a Lambda authorizer decided is kept for its lifetime by it', async () => {
    const { apiId } = await makeHttpApi(client, { port, issuer: ISSUER });
    const call = () => get(`${postern.url(apiId)}/lambda`, { 'X-Key': 'a' });
    await call();
    await call();
    clock.advance(299_000);
    await call();
    clock.advance(2_000);
    await call();
    const [first, second, third, fourth] = asked();
    assert.deepEqual([second, third], [first, first]);
    assert.equal(Number(fourth), Number(first) + 1);
  });

  for (const [what, keepsBusy, minutes] of [
    ['ten minutes without a message', false, 10],
    ['two hours', true, 120],
  ] as const) {
    test(`a connection ends after ${what} by it`, async () => {
      const { apiId } = await makeWebSocketApi(client, port);
      const socket = await connected(apiId);
      const closed = once(socket, 'close');
      for (let minute = 1; minute < minutes; minute++) {
        clock.advance(60_000);
        if (!keepsBusy) continue;
        socket.send('{}');
        await once(socket, 'message');
      }
      assert.equal(socket.readyState, WebSocket.OPEN);
      clock.advance(60_000);
      const [code, reason] = (await closed) as [number, Buffer];
      assert.deepEqual([code, String(reason)], [1001, 'Going away']);
    });
  }

  test('quotas of API keys and the rate of new connections are by it', async () => {
    const other = await startPostern({
      settings: {
        apiKeys: [{ id: 'ann', value: 'key-of-ann-0123456789', quota: { limit: 2, period: 'DAY' } }],
        webSocket: { newConnectionsPerSecond: 1 },
      },
    });
    const stack = await other.deploy(KEYED);
    other.clock.stop();
    const connect = async (): Promise<string> => {
      const socket = new WebSocket(stack.url(), { headers: { 'x-api-key': 'key-of-ann-0123456789' } });
      const outcome = await once(socket, 'open').then(
        () => 'open',
        (error: Error) => /\d{3}/.exec(error.message)![0],
      );
      socket.terminate();
      return outcome;
    };
    assert.deepEqual([await connect(), await connect()], ['open', '429']);
    other.clock.advance(1_000);
    assert.deepEqual([await connect(), await connect()], ['open', '429']);
    other.clock.advance(1_000);
    assert.equal(await connect(), '429');
    other.clock.advance(86_400_000);
    assert.equal(await connect(), 'open');
    await other.close();
  });

  test('it goes on with the time of the system', async () => {
    const before = clock.now();
    assert.ok(Math.abs(before - Date.now()) < 50);
    clock.advance(3_600_000);
    assert.ok(clock.now() - before >= 3_600_000);
    clock.stop();
    const stopped = clock.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(clock.now(), stopped);
    clock.start();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(clock.now() > stopped);
    for (const wrong of [-1, 0.5, Number.NaN]) assert.throws(() => clock.advance(wrong), TypeError);
  });
});

describe('faults of HTTP APIs', () => {
  const rows: readonly (readonly [name: string, fault: Fault, got: Got, calls: number])[] = [
    ['a status, with a body', { error: 502, body: 'no' }, { status: 502, body: 'no' }, 0],
    ['a status that has a mapping is mapped', { error: 500 }, { status: 418, body: '' }, 0],
    [
      'a backend that cannot be reached',
      { error: 'connection' },
      { status: 503, body: '{"message":"Service Unavailable"}' },
      0,
    ],
    ['a short delay', { delay: 5 }, { status: 200, body: 'ok' }, 1],
    ['a delay before a status', { delay: 5, error: 504 }, { status: 504, body: '' }, 0],
  ];
  for (const [name, fault, got, calls] of rows) {
    test(name, async () => {
      const responseParameters = { '500': { 'overwrite:statuscode': '418' } };
      const { apiId } = await makeHttpApi(client, { port, responseParameters });
      const url = `${postern.url(apiId)}/open`;
      const set = faults.set({}, fault);
      assert.deepEqual(await get(url), got);
      assert.deepEqual([set.calls, backend.requests.length], [1, calls]);
      set.off();
      assert.deepEqual(await get(url), { status: 200, body: 'ok' });
      assert.equal(set.calls, 1);
    });
  }

  for (const [name, fault] of [
    ['what is dropped has no answer until the time-out', { drop: true }],
    ['a delay is over at the time-out', { delay: 60_000 }],
  ] as const) {
    test(name, async () => {
      const { apiId } = await makeHttpApi(client, { port, timeoutInMillis: 20_000 });
      const set = faults.set({}, fault);
      const answer = get(`${postern.url(apiId)}/open`);
      while (set.calls === 0) await new Promise(setImmediate);
      clock.advance(19_000);
      assert.equal(
        await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 20, 'none'))]),
        'none',
      );
      clock.advance(1_001);
      assert.deepEqual(await answer, { status: 503, body: '{"message":"Service Unavailable"}' });
      assert.equal(backend.requests.length, 0);
    });
  }

  test('a fault is for its place alone, as often as it says, and the last one that was set counts', async () => {
    const one = await makeHttpApi(client, { port });
    const other = await makeHttpApi(client, { port });
    const [url, otherUrl] = [`${postern.url(one.apiId)}/open`, `${postern.url(other.apiId)}/open`];
    faults.set({ api: one.apiId, stage: '$default', integration: one.integrationId }, { error: 500 });
    faults.set({ route: 'GET /open', api: one.apiId }, { error: 501, times: 2 });
    faults.set({ route: 'GET /shut' }, { error: 502 });
    faults.set({ stage: 'prod' }, { error: 502 });
    assert.deepEqual(await statuses(url, 3), [501, 501, 500]);
    assert.deepEqual(await statuses(otherUrl, 1), [200]);
    faults.clear();
    assert.deepEqual(await statuses(url, 1), [200]);
  });

  test('a client that goes away while its call is held leaves nothing behind', async () => {
    const { apiId } = await makeHttpApi(client, { port });
    const set = faults.set({}, { delay: 1_000 });
    const { hostname, port: at, pathname } = new URL(`${postern.url(apiId)}/open`);
    const socket = connect(Number(at), hostname);
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    while (set.calls === 0) await new Promise(setImmediate);
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(2_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(backend.requests.length, 0);
  });

  const wrong: readonly (readonly [fault: Fault, message: string])[] = [
    [{}, 'A fault has a delay, an error or drop: true.'],
    [{ delay: -1 }, 'A fault has a delay of milliseconds, not -1.'],
    [{ error: 99 }, "A fault has as error a status from 200 to 599 or 'connection', not 99."],
    [{ error: 'connection', body: 'x' }, 'A fault has a body only beside an error that is a status.'],
    [{ drop: true, delay: 1 }, 'A fault drops a call, or has a delay or an error: not both.'],
    [{ error: 500, times: 0 }, 'A fault is for a number of times from 1 on, not 0.'],
  ];
  for (const [fault, message] of wrong) {
    test(`what is none is refused: ${message}`, () => {
      assert.throws(() => faults.set({}, fault), { name: 'TypeError', message });
    });
  }
});

describe('faults of WebSocket APIs', () => {
  const rows: readonly (readonly [name: string, fault: Fault, advance: number, frame: RegExp])[] = [
    ['a status', { error: 500, body: 'broken' }, 0, /^broken$/],
    ['a backend that cannot be reached', { error: 'connection' }, 0, /^\{"message": "Internal server error"/],
    ['a drop', { drop: true }, 29_000, /^\{"message": "Endpoint request timed out"/],
    ['a delay', { delay: 5_000 }, 5_000, /^ok$/],
  ];
  for (const [name, fault, advance, frame] of rows) {
    test(`messages: ${name}`, async () => {
      const { apiId } = await makeWebSocketApi(client, port);
      const socket = await connected(apiId);
      const set = faults.set({ route: '$default' }, fault);
      socket.send('hello');
      while (set.calls === 0) await new Promise(setImmediate);
      clock.advance(advance);
      const [data] = (await once(socket, 'message')) as [Buffer];
      assert.match(String(data), frame);
      socket.terminate();
    });
  }

  test('a connect', async () => {
    const { apiId } = await makeWebSocketApi(client, port);
    faults.set({ route: '$connect' }, { error: 403 });
    const socket = new WebSocket(postern.wsUrl(apiId, 'prod'));
    const [error] = (await once(socket, 'error')) as [Error];
    assert.match(error.message, /403/);
  });
});

test('what is wrong with settings is a sentence, and nothing stays', async () => {
  const before = temporary();
  await assert.rejects(startPostern({ settings: { lisent: 1 } }), {
    name: 'Error',
    message: /settings:2:3: .*lisent/,
  });
  await assert.rejects(startPostern({ settings: {}, config: 'a.yaml' }), { message: /exclude each other/ });
  await assert.rejects(startPostern({ config: 'not-there.yaml' }), {
    message: /not-there\.yaml, which does not exist/,
  });
  assert.deepEqual(temporary(), before);
});

const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('postern-testing-'));

test('several in one process are apart', async () => {
  const lines: LogLine[] = [];
  const other = await startPostern({ settings: SETTINGS, logs: (line) => lines.push(line) });
  const otherClient = new ApiGatewayV2Client(other.awsConfig);
  const throttle = { rate: 1, burst: 1 };
  const here = await makeHttpApi(client, { port, throttle });
  const there = await makeHttpApi(otherClient, { port, throttle });
  const [hereUrl, thereUrl] = [`${postern.url(here.apiId)}/open`, `${other.url(there.apiId)}/open`];
  clock.stop();
  other.clock.stop();
  assert.deepEqual(
    [await statuses(hereUrl, 2), await statuses(thereUrl, 2)],
    [
      [200, 429],
      [200, 429],
    ],
  );
  clock.advance(1_000);
  other.faults.set({}, { error: 'connection' });
  assert.deepEqual([await statuses(hereUrl, 1), await statuses(thereUrl, 1)], [[200], [429]]);
  other.clock.advance(1_000);
  clock.advance(1_000);
  assert.deepEqual([await statuses(hereUrl, 1), await statuses(thereUrl, 1)], [[200], [503]]);
  assert.ok(lines.some(({ event, level }) => event === 'integration.failed' && level === 'warn'));
  await other.reset();
  assert.equal((await client.send(new GetApisCommand({}))).Items!.length, 1);
  otherClient.destroy();
  await other.close();
  await other.close();
  assert.equal((await get(hereUrl)).status, 429);
  assert.equal(temporary().length, 1);
});
