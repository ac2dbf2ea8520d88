// WebSocket APIs made by the AWS SDK, through the whole program: addresses, stages, custom domains, TLS, ids and times
// (spec/websocket-api.md §1, §7.3).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  CreateApiMappingCommand,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateStageCommand,
  GetApiCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type ClientOptions, WebSocket } from 'ws';
import { NO_SECTIONS } from '../../../src/settings/sections.ts';
import { issueCertificate } from '../../support/certificates.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';
import {
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const ID = /^[A-Za-z0-9_-]{15}=$/;

interface Context {
  readonly eventType: string;
  readonly connectionId: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly messageId?: string;
  readonly connectedAt: number;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  readonly domainName: string;
  readonly disconnectStatusCode?: number;
  readonly disconnectReason?: string;
}

const contexts = (stand: WebSocketStand): Context[] =>
  stand.eventsOf('hello').map(({ requestContext }) => requestContext as Context);

/** Until the function has been told of that many ends. */
async function disconnects(stand: WebSocketStand, count: number): Promise<string[]> {
  for (;;) {
    const found = contexts(stand).filter(({ eventType }) => eventType === 'DISCONNECT');
    if (found.length >= count) {
      return found.map((each) => `${each.disconnectStatusCode} ${each.disconnectReason}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function opened(api: WebSocketApi, path = '/prod', headers = {}): Promise<WebSocket> {
  const { socket, status } = await api.connect(path, headers);
  assert.ok(socket, `refused with ${status}`);
  return socket;
}

test('the events of a connection: ids and times', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const socket = await opened(api);
  socket.send('a');
  socket.send('b');
  while (contexts(stand).length < 3) await new Promise((resolve) => setImmediate(resolve));
  socket.close(3001, 'Shutdown');
  assert.deepEqual(await disconnects(stand, 1), ['3001 Shutdown']);
  const all = contexts(stand);
  assert.deepEqual(
    all.map(({ eventType }) => eventType),
    ['CONNECT', 'MESSAGE', 'MESSAGE', 'DISCONNECT'],
  );
  assert.equal(new Set(all.map(({ connectionId }) => connectionId)).size, 1);
  assert.equal(new Set(all.map(({ connectedAt }) => connectedAt)).size, 1);
  assert.equal(new Set(all.map(({ requestId }) => requestId)).size, 4);
  assert.equal(new Set(all.map(({ messageId }) => messageId)).size, 3, 'two messages, and none');
  for (const each of all) {
    for (const id of [each.connectionId, each.requestId, each.messageId ?? each.requestId])
      assert.match(id, ID);
    assert.equal(each.requestId, each.extendedRequestId);
    assert.ok(Number.isInteger(each.connectedAt));
    assert.ok(Number.isInteger(each.requestTimeEpoch));
    assert.ok(each.connectedAt <= each.requestTimeEpoch);
    assert.match(each.requestTime, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  }
});

test('new connections beyond the configured number are refused', async (t) => {
  const newConnections = { rateLimit: 0.000_001, burstLimit: 2 };
  const stand = await startWebSocketStand(t, {
    sections: { webSocket: { ...NO_SECTIONS.webSocket, newConnections } },
  });
  const [one, other] = [await createWebSocketApi(stand), await createWebSocketApi(stand)];
  const statuses = [];
  for (const api of [one, other, one]) statuses.push((await api.connect('/prod')).status);
  assert.deepEqual(statuses, [101, 101, 429]);
});

test('a stage without deployment is none; a disabled endpoint is that of the next deployment', async (t) => {
  const stand = await startWebSocketStand(t);
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand, { stages: [] });
  const ApiId = api.apiId;
  const look = async (): Promise<string> => {
    const { status, body } = await api.connect('/slow');
    return status === 101 ? '101' : `${status} ${body}`;
  };
  const FORBIDDEN = '403 {"message":"Forbidden"}';
  await client.send(new CreateStageCommand({ ApiId, StageName: 'slow' }));
  assert.equal(await look(), FORBIDDEN);
  await client.send(new CreateDeploymentCommand({ ApiId, StageName: 'slow' }));
  assert.equal(await look(), '101');
  await client.send(new UpdateApiCommand({ ApiId, DisableExecuteApiEndpoint: true }));
  assert.equal(await look(), '101');
  await client.send(new CreateDeploymentCommand({ ApiId, StageName: 'slow' }));
  assert.equal(await look(), FORBIDDEN);
});

test('the endpoint of an API names no stage, and there is none without a name (§1.1.1)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { stages: ['$default'] });
  const { ApiEndpoint } = await stand.postern.client.send(new GetApiCommand({ ApiId: api.apiId }));
  assert.equal(ApiEndpoint, `ws://${api.host}:${stand.postern.port}`);
  for (const path of ['/', '', '/prod']) assert.equal((await api.connect(path)).status, 403, path);
  assert.equal((await api.connect('/$default')).status, 101);
});

test('stage names: letters of either case, digits, hyphens and underscores, 128 at most (§1.1.6)', async (t) => {
  const stand = await startWebSocketStand(t);
  const stages = ['Prod', 'prod', 'a-b_C9', 'x'.repeat(128)];
  const api = await createWebSocketApi(stand, { stages });
  for (const [i, name] of stages.entries()) {
    assert.equal((await api.connect(`/${name}`)).status, 101, name);
    const { stage } = contexts(stand)[i] as unknown as { readonly stage: string };
    assert.equal(stage, name);
  }
  for (const path of ['/PROD', '/a-b_c9', `/${'x'.repeat(129)}`]) {
    assert.equal((await api.connect(path)).status, 403, path);
  }
  for (const StageName of ['a.b', 'a b', 'ä', 'x'.repeat(129)]) {
    const create = stand.postern.client.send(new CreateStageCommand({ ApiId: api.apiId, StageName }));
    await assert.rejects(create, { name: 'BadRequestException' }, StageName);
  }
});

test('the path form leads to a stage too', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const prefix = `/_aws/execute-api/${api.apiId}`;
  for (const [path, status] of [
    [`${prefix}/prod`, 101],
    [`${prefix}/prod/`, 101],
    [`${prefix}/nope`, 403],
    [prefix, 403],
  ] as const) {
    assert.equal((await api.connect(path, { Host: 'localhost' })).status, status, path);
  }
});

const DomainName = 'chat.example.com';
const CertificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/c-1`;

async function onDomain(t: TestContext, ...keys: readonly string[]) {
  const stand = await startWebSocketStand(t);
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand, { api: { DisableExecuteApiEndpoint: true } });
  for (const name of [DomainName, '*.example.com']) {
    const DomainNameConfigurations = [{ CertificateArn }];
    await client.send(new CreateDomainNameCommand({ DomainName: name, DomainNameConfigurations }));
  }
  const map = (name: string, key: string) =>
    client.send(
      new CreateApiMappingCommand({ DomainName: name, ApiId: api.apiId, Stage: 'prod', ApiMappingKey: key }),
    );
  for (const key of keys) await map(DomainName, key);
  await map('*.example.com', 'any');
  const status = async (path: string, host = DomainName): Promise<string> => {
    const reply = await api.connect(path, { Host: host });
    return reply.status === 101 ? '101' : `${reply.status} ${reply.body}`;
  };
  return { stand, api, status };
}

const NOT_HERE = '403 {"message":"Forbidden"}';

test('a custom domain: the mapping key alone is the path', async (t) => {
  const { stand, status } = await onDomain(t, 'chat', "$-_.+!*'()");
  for (const [path, expected] of [
    ['/chat', '101'],
    ['/chat/', '101'],
    ['/chat?a=b', '101'],
    ["/$-_.+!*'()", '101'],
    ['/ch%61t', '101'],
    ['/%24-_.%2B!*%27()/', '101'],
    ['/ch%61t/prod', NOT_HERE],
    ['//chat', NOT_HERE],
    ['/ch%6', NOT_HERE],
    ['/chat/prod', NOT_HERE],
    ['/chats', NOT_HERE],
    ['/prod', NOT_HERE],
    ['/', NOT_HERE],
    ['', NOT_HERE],
  ] as const) {
    const before = contexts(stand).length;
    assert.equal(await status(path), expected, path);
    assert.equal(contexts(stand).length - before, expected === '101' ? 1 : 0, path);
  }
  assert.equal(await status('/any', 'other.example.com'), '101', 'a wildcard');
  assert.equal(await status('/any'), NOT_HERE, 'the most specific name wins');
  assert.equal(contexts(stand)[0]?.domainName, DomainName);
});

test('a custom domain has @connections where the default endpoint is disabled (§1.2.5, §1.3.2)', async (t) => {
  const { stand, api } = await onDomain(t, 'chat');
  const { socket } = await api.connect('/chat', { Host: DomainName });
  const { connectionId } = contexts(stand)[0]!;
  const post = async (host: string, path: string): Promise<string> => {
    const head = `POST ${path}/@connections/${connectionId} HTTP/1.1\r\nHost: ${host}\r\n`;
    const bytes = `${head}Content-Length: 1\r\n\r\nx`;
    const reply = await sendRaw({ host: stand.postern.host, port: stand.postern.port, bytes });
    return `${reply.status} ${reply.body}`.trimEnd();
  };
  const heard = nextMessage(socket!);
  assert.equal(await post(DomainName, '/chat'), '200');
  assert.equal(await heard, 'x');
  assert.equal(await post(api.host, '/prod'), NOT_HERE);
  assert.equal((await api.connect('/prod')).status, 403);
});

test('a custom domain with the empty key', async (t) => {
  const { status } = await onDomain(t, '');
  for (const [path, expected] of [
    ['/', '101'],
    ['', '101'],
    ['/?a=b', '101'],
    ['/prod', NOT_HERE],
  ] as const) {
    assert.equal(await status(path), expected, path);
  }
});

test('wss:// over TLS; HTTP/2 is told to upgrade', async (t) => {
  const authority = issueCertificate({ subject: 'CN=CA', authority: true });
  const identity = issueCertificate({
    subject: 'CN=api',
    issuer: authority,
    names: ['*.execute-api.localhost'],
  });
  const directory = mkdtempSync(join(tmpdir(), 'postern-wss-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(cert, identity.cert);
  writeFileSync(key, identity.key);
  const stand = await startWebSocketStand(t, { separate: { tls: { cert, key } } });
  const api = await createWebSocketApi(stand);
  const { host, port } = stand.postern;
  const options: ClientOptions & { readonly servername: string } = {
    ca: authority.cert,
    servername: api.host,
    headers: { Host: api.host },
  };
  const socket = new WebSocket(`wss://${host}:${port}/prod`, options);
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const large = 'x'.repeat(30_000);
  for (const text of ['a', large]) socket.send(text);
  while (contexts(stand).length < 3) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    stand
      .eventsOf('hello')
      .map(({ body }) => body)
      .slice(1),
    ['a', large],
  );
  socket.close(1000);
  assert.deepEqual(await disconnects(stand, 1), ['1000 ']);

  const session = connectHttp2(`https://${host}:${port}`, { ca: authority.cert, servername: api.host });
  t.after(() => session.destroy());
  const request = session.request({ ':path': '/prod', ':authority': api.host });
  const status = await new Promise((resolve) => {
    request.on('response', (headers) => resolve(headers[':status']));
  });
  assert.equal(status, 426);
  request.close();
  // RFC 8441 §3: who does not say so takes no WebSocket over HTTP/2.
  assert.notEqual(session.remoteSettings.enableConnectProtocol, true);
});
