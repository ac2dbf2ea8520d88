// Attacks on those who look at requests: what a client sends must neither reach them as anything but data, nor keep memory, nor show
// what is secret (docs/guide/live-requests.md).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { NO_SECTIONS } from '../../../src/settings/sections.ts';
import { type InvokeServer, startInvokeServer } from '../../support/invoke-server.ts';
import { type LiveStand, startLiveStand } from '../../support/live-stand.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { OK_ANSWER } from '../../support/recording-backend.ts';

const TOKEN = 'tok-3n_abcdef';
const COOKIE = 'cookie/+value=';
const KEY = 'api-key-9000';
const PASSWORD = 'pass"w\\ord-1';
const STATIC = 'static-key-of-the-backend';
const SET = 'new-session-77';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';

describe('attacks on those who look at requests', () => {
  let stand: LiveStand;
  let invoke: InvokeServer;
  before(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    invoke = await startInvokeServer();
    stand = await startLiveStand({
      liveRequests: 'always',
      sections: {
        ...NO_SECTIONS,
        liveRequestsMask: ['password'],
        lambda: { ...NO_SECTIONS.lambda, endpoint: invoke.endpoint },
      },
    });
    await stand.route('POST /mapped', {
      RequestParameters: {
        'append:header.x-copy': '$request.header.authorization',
        'append:querystring.copy': '$request.header.cookie',
        'append:header.x-pass': '$request.body.password',
        'overwrite:header.x-api-key': STATIC,
      },
    });
    const lambda = { IntegrationType: 'AWS_PROXY', IntegrationUri: `${ARN}:pets`, IntegrationMethod: 'POST' };
    await stand.route('POST /one', { ...lambda, PayloadFormatVersion: '1.0' });
    await stand.route('POST /two', { ...lambda, PayloadFormatVersion: '2.0' });
    const { AuthorizerId } = await stand.client.createAuthorizer({
      ApiId: stand.apiId,
      Name: 'by-key',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ARN}:judge/invocations`,
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: ['$request.header.X-Identity'],
    });
    await stand.route('POST /judged', { ...lambda, PayloadFormatVersion: '2.0' });
    const { Items } = await stand.client.getRoutes({ ApiId: stand.apiId });
    await stand.client.updateRoute({
      ApiId: stand.apiId,
      RouteId: Items!.find(({ RouteKey }) => RouteKey === 'POST /judged')!.RouteId!,
      AuthorizationType: 'CUSTOM',
      AuthorizerId: AuthorizerId!,
    });
    await stand.client.updateStage({
      ApiId: stand.apiId,
      StageName: 'prod',
      AccessLogSettings: {
        DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:pets',
        Format: '$context.requestId $context.authorizer.told $context.path',
      },
    });
  });
  after(async () => {
    await stand.close();
    await invoke.close();
    assert.deepEqual(stand.errors, []);
  });

  async function send(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<string> {
    const response = await fetch(`${stand.base}${path}?api_key=${KEY}&a=1`, {
      method: 'POST',
      headers,
      body,
    });
    await response.text();
    return response.headers.get('apigw-requestid')!;
  }

  const credentials = { Authorization: `Bearer ${TOKEN}`, Cookie: `a=${COOKIE}` };
  /** Secret where an authorizer goes by it. */
  const identity = { 'X-Identity': 'identity-42' };
  const body = JSON.stringify({ password: PASSWORD, other: 'shown' });
  const secrets = [TOKEN, COOKIE, KEY, PASSWORD, STATIC, SET, 'identity-42'];

  /** In no form that JSON, URLs or base64 give it. */
  function hasNone(text: string): void {
    for (const secret of secrets) {
      const json = JSON.stringify(secret).slice(1, -1);
      const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
      for (const form of [
        secret,
        encodeURIComponent(secret),
        json,
        JSON.stringify(json).slice(1, -1),
        base64,
      ]) {
        assert.ok(
          !text.includes(form),
          `${form} is in ${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + 50)}`,
        );
      }
    }
  }

  for (const path of ['/mapped', '/one', '/two', '/judged']) {
    test(`secrets are in nothing that is told of ${path}: list, stream, trace, event, authorizer, access log, bodies`, async () => {
      const echo = `{"token":"${TOKEN}","api_key":${JSON.stringify(KEY)},"seen":"Bearer ${TOKEN}; ${COOKIE}"}`;
      stand.backend.script(
        `HTTP/1.1 200 OK\r\nSet-Cookie: s=${SET}; Path=/\r\nContent-Length: ${echo.length}\r\n\r\n${echo}`,
      );
      invoke.script((event, name) => {
        if (name.includes('judge')) {
          const context = { told: `for ${TOKEN}`, token: TOKEN };
          return { payload: JSON.stringify({ isAuthorized: true, context }) };
        }
        const headers = { 'Set-Cookie': `s=${SET}` };
        return { payload: JSON.stringify({ statusCode: 200, headers, body: echo, was: event }) };
      });
      const reader = await stand.stream();
      const id = await send(path, path === '/judged' ? { ...credentials, ...identity } : credentials, body);
      await reader.until(() => reader.requests.some((each) => each.id === id));
      await reader.close();
      const one = await stand.one(id);
      assert.equal(one.status, 200, JSON.stringify(one));
      hasNone(JSON.stringify(one));
      hasNone(await (await stand.ask('requests')).text());
      hasNone(reader.text);
      // What is no secret is there.
      assert.deepEqual(
        one.trace.request.headers.find(([name]) => /^authorization$/i.test(name))![1],
        'Bearer ••••',
      );
      assert.match(one.requestBody!.text!, /"other":"shown"/);
    });
  }

  test('a body in base64 within an event hides what it does as itself', async () => {
    invoke.script({ payload: '{"statusCode":200}' });
    const id = await send('/two', { ...credentials, 'Content-Type': 'application/octet-stream' }, body);
    const { trace } = await stand.one(id);
    assert.match(trace.functionCall!.event, /"isBase64Encoded":true/);
    hasNone(trace.functionCall!.event);
    const within = /"body":"([^"]*)"/.exec(trace.functionCall!.event)![1]!;
    assert.ok(!Buffer.from(within, 'base64').toString().includes('pass'));
  });

  test('a text to search for does not tell what is masked', async () => {
    await send('/mapped', credentials, body);
    for (const secret of [TOKEN, KEY]) {
      assert.deepEqual(await stand.list(`?text=${encodeURIComponent(secret.slice(0, 6))}`), []);
    }
  });

  test('what a client sends stays data in the stream, and makes no event of its own', async () => {
    stand.backend.script(OK_ANSWER);
    const reader = await stand.stream();
    const { hostname, port, pathname } = new URL(stand.base);
    const lines = '%0A%0Aevent: requests%0Adata: []'.replaceAll(' ', '%20');
    const separators = Buffer.from('\u2028\u2029\u0085').toString('latin1');
    for (const [target, host] of [
      [`${pathname}/pets/${lines}?${lines}`, hostname],
      [`${pathname}/nowhere/%E2%80%A8${lines}`, hostname],
      ['/', `a${separators}.example`],
      ['/', 'event:requests'],
    ] as const) {
      await sendRaw({
        host: hostname,
        port: Number(port),
        bytes: `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nX-A: ${separators}event: requests\r\nConnection: close\r\n\r\n`,
      });
    }
    await reader.until(() => reader.requests.length >= 3);
    for (const line of reader.text.split(/[\n\r]/)) {
      assert.match(line, /^(?:$|: |event: (?:requests|skipped)$|data: [[{][^\n\r]*[\]}]$)/);
    }
    await reader.close();
  });

  test('a viewer that reads nothing keeps no memory: it is told afterwards how many it has missed', async () => {
    const { hostname, port } = new URL(stand.postern.management);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`GET /_postern/requests/stream HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    const path = `/pets/${'x'.repeat(7_000)}`;
    const other = await stand.stream();
    // What the system keeps for a socket is a few megabytes.
    for (let sent = 0; sent < 1_600; sent += 40) {
      await Promise.all(Array.from({ length: 40 }, async () => (await fetch(`${stand.base}${path}`)).text()));
    }
    await other.until(() => other.requests.length + other.skipped >= 1_600);
    await other.close();
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
    });
    socket.resume();
    while (!text.includes('event: skipped') && !text.includes('"replyBytes"')) await once(socket, 'data');
    socket.destroy();
  });

  test('viewers that close their connections without a word leave room for others', async () => {
    const { hostname, port } = new URL(stand.postern.management);
    for (let opened = 0; opened < 80; opened++) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET /_postern/requests/stream HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      const [reply] = (await once(socket, 'data')) as [Buffer];
      assert.match(reply.toString('latin1'), /^HTTP\/1\.1 200 /, `the stream number ${opened}`);
      socket.destroy();
    }
  });

  test('requests with large bodies keep no more than the ring may', async () => {
    const discarding = createServer((request, response) =>
      request.resume().on('end', () => response.end('ok')),
    );
    await once(discarding.listen(0, '127.0.0.1'), 'listening');
    await stand.route('POST /large', {
      IntegrationUri: `http://127.0.0.1:${(discarding.address() as AddressInfo).port}`,
      RequestParameters: { 'append:header.x-a': '$request.body.a' },
    });
    const large = 'x'.repeat(5_000_000);
    const before = process.memoryUsage().rss;
    for (let sent = 0; sent < 40; sent += 2) {
      // Forgets the events so far.
      invoke.script({ payload: '{"statusCode":200}' });
      for (const path of ['/two', '/large']) {
        await (await fetch(`${stand.base}${path}`, { method: 'POST', body: large })).text();
      }
    }
    const grown = (process.memoryUsage().rss - before) / 1_048_576;
    const { requestBody } = await stand.one((await stand.list('?limit=1'))[0]!.id);
    assert.deepEqual([requestBody!.bytes, requestBody!.isTruncated], [5_000_000, true]);
    // The bodies alone are 200 MiB, and what calls keep of them three times that.
    assert.ok(grown < 250, `${grown} MiB`);
    discarding.close();
    discarding.closeAllConnections();
  });
});
