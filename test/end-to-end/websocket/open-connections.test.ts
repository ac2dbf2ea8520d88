// /_postern/connections over the wire: who is connected, messages to clients, and ends.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { runConnections } from '../../../src/cli/connections.ts';
import { createPaint } from '../../../src/cli/terminal.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { ACCOUNT } from '../../support/postern.ts';
import { sign } from '../../support/signing.ts';
import {
  closedBy,
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
} from '../../support/websocket-stand.ts';

interface Listed {
  readonly count: number;
  readonly connections: readonly Readonly<Record<string, unknown>>[];
}

async function printedBy(
  endpoint: string,
  asked: { readonly api?: string; readonly stage?: string; readonly json?: boolean } = {},
): Promise<string> {
  let printed = '';
  const command = { name: 'connections', flags: new Map(), json: false, endpoint } as const;
  const doors = { kind: 'shared', address: { host: '', port: 0 } } as const;
  await runConnections({
    command: { ...command, api: undefined, stage: undefined, ...asked },
    settings: { doors, tls: undefined, credentials: [], region: 'us-east-1' },
    environment: {},
    output: { write: (text: string) => (printed += text) },
    paint: createPaint(false),
  });
  return printed;
}

test('open connections are listed, sent to and closed', async (t) => {
  const stand = await startWebSocketStand(t);
  const { management } = stand.postern;
  const api = await createWebSocketApi(stand, { stages: ['prod', 'test'] });
  const call = async (method: string, path: string, body?: string) => {
    const init = body === undefined ? { method } : { method, body };
    const reply = await fetch(`${management}/_postern/connections${path}`, init);
    return { status: reply.status, value: (await reply.json()) as Listed & { readonly message?: string } };
  };
  const first = (await api.connect('/prod', { 'User-Agent': 'one' })).socket!;
  // Of one moment either may come first.
  const firstAt = Number((await call('GET', '')).value.connections[0]!.connectedAt);
  while (Date.now() <= firstAt) await setImmediate();
  const second = (await api.connect('/test')).socket!;

  const { value: all } = await call('GET', '');
  const [newest, oldest] = all.connections;
  assert.equal(all.count, 2);
  assert.deepEqual([newest?.stage, oldest?.stage], ['test', 'prod']);
  const { connectionId, connectedAt, lastActiveAt, ...rest } = oldest!;
  assert.deepEqual(rest, {
    ...{ apiId: api.apiId, stage: 'prod', accountId: ACCOUNT, region: 'us-east-1' },
    ...{ sourceIp: '127.0.0.1', userAgent: 'one', messagesIn: 0, messagesOut: 0 },
  });
  assert.ok(Number(connectedAt) <= Number(lastActiveAt) && Number(lastActiveAt) <= Date.now());

  for (const [query, count, shown] of [
    ['?stage=prod', 1, 1],
    [`?api=${api.apiId}`, 2, 2],
    ['?api=another', 0, 0],
    ['?limit=1', 2, 1],
  ] as const) {
    const { value } = await call('GET', query);
    assert.deepEqual([value.count, value.connections.length], [count, shown], query);
  }
  const asked = { api: api.apiId, stage: 'prod' };
  assert.match(
    await printedBy(management, asked),
    new RegExp(
      `^${connectionId} {2}${api.apiId}/prod {2}connected \\d s ago {2}active \\d s ago {2}0 in, 0 out {2}127\\.0\\.0\\.1 {2}one\n$`,
    ),
  );
  const inJson = await printedBy(management, { ...asked, json: true });
  assert.deepEqual(JSON.parse(inJson), { count: 1, connections: [oldest] });
  assert.equal(await printedBy(management, { ...asked, api: 'x' }), 'Nobody is connected.\n');
  assert.equal((await call('GET', '?limit=0')).value.message, 'limit is not a number from 1 to 10000');

  const lookAt = async (path: string) => (await fetch(`${management}/_postern/requests${path}`)).json();
  // From here on somebody looks.
  await lookAt('');
  const id = encodeURIComponent(String(connectionId));
  const text = nextMessage(first);
  assert.equal((await call('POST', `/${id}`, '{"text": "hi"}')).status, 200);
  assert.equal(await text, 'hi');
  const { requests } = (await lookAt('?kind=post')) as { requests: Record<string, unknown>[] };
  assert.deepEqual(
    requests.map((each) => [each.connectionId, each.stage, each.status, each.requestBytes]),
    [[connectionId, 'prod', 200, 2]],
  );
  const one = (await lookAt(`/${encodeURIComponent(String(requests[0]!.id))}`)) as Record<string, unknown>;
  assert.deepEqual(one.requestBody, { bytes: 2, isTruncated: false, text: 'hi' });
  const bytes = nextMessage(first);
  await call('POST', `/${id}`, '{"base64": "/w=="}');
  assert.deepEqual(await bytes, Buffer.from([0xff]));
  first.send('{"action": "x"}');
  let counted: unknown[] = [];
  while (counted[0] !== 1) {
    const { connections } = (await call('GET', '?stage=prod')).value;
    counted = [connections[0]!.messagesIn, connections[0]!.messagesOut];
  }
  assert.deepEqual(counted, [1, 2]);
  // Two posts and a message: a post from here counts as one of @connections.
  const three = /apigateway_websocket_message_count_total\{[^}]*stage="prod"\} 3/;
  let metrics = '';
  while (!three.test(metrics)) metrics = await (await fetch(`${management}/_postern/metrics`)).text();
  assert.match(metrics, /^postern_connections [1-9]/m);

  for (const [body, says] of [
    ['{"text": 1}', 'The body is {"text": "…"} or, for a binary frame, {"base64": "…"}'],
    ['{"text": "a", "base64": "YQ=="}', 'The body is {"text": "…"} or, for a binary frame, {"base64": "…"}'],
    ['{"base64": "*"}', 'The body is {"text": "…"} or, for a binary frame, {"base64": "…"}'],
    ['text', 'The body is not JSON'],
    [JSON.stringify({ text: 'x'.repeat(131_073) }), 'A message to a client has at most 131072 bytes'],
  ] as const) {
    const { status, value } = await call('POST', `/${id}`, body);
    assert.deepEqual([status, value.message], [400, says]);
  }

  const closed = closedBy(first);
  assert.equal((await call('DELETE', `/${id}`)).status, 200);
  assert.equal(await closed, '1000 Connection Closed Normally');
  for (const [method, body] of [
    ['DELETE', undefined],
    ['POST', '{"text": "late"}'],
  ] as const) {
    const { status, value } = await call(method, `/${id}`, body);
    assert.deepEqual([status, value.message], [404, `No connection ${connectionId} is open`]);
  }
  second.close();
});

test('a list that lacks what did not answer says so', async (t) => {
  const rows = [{ connectionId: 'L0SM9cOFvHcCIhw=', apiId: 'a', stage: 's', sourceIp: '::1' }];
  let list: object = {};
  const server = createServer((_request, reply) => void reply.end(JSON.stringify(list)));
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sentence = 'Without the connections of node 1, worker 0 of node 2: no answer came in time.\n';
  const unanswered = ['node 1', 'worker 0 of node 2'];
  list = { count: 1, connections: rows, unanswered };
  const printed = await printedBy(endpoint);
  assert.ok(printed.startsWith('L0SM9cOFvHcCIhw=') && printed.endsWith(`\n${sentence}`), printed);
  list = { count: 0, connections: [], unanswered };
  assert.equal(await printedBy(endpoint), sentence, 'not that nobody is connected');
});

test('a caller sees, reaches and explains what is of its own account, and what its policies allow', async (t) => {
  const policy = (action: string) =>
    parsePolicy({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: action, Resource: 'arn:aws:apigateway:us-east-1::/_postern/*' }],
    });
  const signers = {
    reader: {
      ...{ accessKeyId: 'AKIDREAD', secretAccessKey: 'secret', accountId: ACCOUNT },
      policies: [policy('apigateway:GET')],
    },
    writer: {
      ...{ accessKeyId: 'AKIDWRITE', secretAccessKey: 'secret', accountId: ACCOUNT },
      policies: [policy('apigateway:*')],
    },
    other: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'secret', accountId: '111111111111' },
  };
  const stand = await startWebSocketStand(t, { credentials: Object.values(signers) });
  const { management } = stand.postern;
  const api = await createWebSocketApi(stand);
  const socket = (await api.connect('/prod')).socket!;
  const ask = async (signer: keyof typeof signers, method: string, path: string, given?: object) => {
    const body = given === undefined ? '' : JSON.stringify(given);
    const { host } = new URL(management);
    const { lines } = await sign(
      { method, host, path: `/_postern/${path}`, body },
      { ...signers[signer], service: 'apigateway' },
    );
    const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    const init = given === undefined ? { method, headers } : { method, headers, body };
    return fetch(`${management}/_postern/${path}`, init);
  };
  const listed: Listed = JSON.parse(await (await ask('reader', 'GET', 'connections')).text());
  const id = encodeURIComponent(String(listed.connections[0]!.connectionId));
  const others: Listed = JSON.parse(await (await ask('other', 'GET', 'connections')).text());
  assert.deepEqual([listed.count, others.count], [1, 0]);
  const explained = { url: `ws://127.0.0.1/_aws/execute-api/${api.apiId}/prod`, message: '{}' };
  const rows: readonly [keyof typeof signers, string, string, object | undefined, number][] = [
    ['reader', 'POST', `connections/${id}`, { text: 'a' }, 403],
    ['reader', 'DELETE', `connections/${id}`, undefined, 403],
    ['reader', 'POST', 'explain', explained, 403],
    ['other', 'POST', `connections/${id}`, { text: 'a' }, 404],
    ['other', 'DELETE', `connections/${id}`, undefined, 404],
    ['other', 'POST', 'explain', explained, 404],
    ['writer', 'POST', 'explain', explained, 200],
    ['writer', 'POST', `connections/${id}`, { text: 'a' }, 200],
    ['writer', 'DELETE', `connections/${id}`, undefined, 200],
  ];
  const closed = closedBy(socket);
  for (const [signer, method, path, body, status] of rows) {
    const reply = await ask(signer, method, path, body);
    assert.equal(reply.status, status, `${signer} ${method} ${path}`);
  }
  await closed;
  const unsigned = await fetch(`${management}/_postern/connections`);
  assert.equal(unsigned.status, 403);
});
