import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import * as tls from 'node:tls';
import { WholeBody } from '../whole-body.ts';
import { Backend, OK_REPLY, PushedBody, send, sendOk } from './backend.test.support.ts';
import {
  BACKEND_KEY,
  CA_CERTIFICATE,
  SELF_SIGNED_CERTIFICATE,
  SIGNED_CERTIFICATE,
} from './certificates.test.support.ts';
import type { ExtraCa } from './connect.ts';
import { createUpstreamPools } from './pool.ts';
import type { Origin, Upstream, UpstreamPools } from './upstream.ts';

interface TlsBackend {
  readonly port: number;
  /** Octets that came in through TLS. */
  received: string;
  readonly serverNames: (string | false | null)[];
  readonly resumed: boolean[];
  pool(origin: Partial<Origin>, ca?: ExtraCa): Upstream;
}

async function listen(
  t: TestContext,
  cert = SIGNED_CERTIFICATE,
  reply = OK_REPLY,
  maxVersion: tls.SecureVersion = 'TLSv1.3',
): Promise<TlsBackend> {
  const server = tls.createServer({ key: BACKEND_KEY, cert, maxVersion });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const opened: UpstreamPools[] = [];
  const backend: TlsBackend = {
    port,
    received: '',
    serverNames: [],
    resumed: [],
    pool(origin, ca = CA_CERTIFICATE) {
      const pools = createUpstreamPools({ ca });
      opened.push(pools);
      return pools.acquire({ secure: true, host: 'localhost', port, ...origin });
    },
  };
  server.on('secureConnection', (socket) => {
    backend.serverNames.push(socket.servername as string | false | null);
    backend.resumed.push(socket.isSessionReused());
    socket.on('error', () => {});
    socket.on('data', (data) => {
      backend.received += data.toString('latin1');
      if (data.toString('latin1').endsWith('\n') || data.toString('latin1').endsWith('!')) {
        socket.write(reply, 'latin1');
      }
    });
  });
  t.after(async () => {
    for (const pools of opened) await pools.close();
    server.close();
    await once(server, 'close');
  });
  return backend;
}

test('TLS: a certificate of a known authority for the host is accepted, the host sent as server name', async (t) => {
  const backend = await listen(t);
  const upstream = backend.pool({});
  for (let i = 0; i < 3; i++) await sendOk(upstream);
  assert.deepEqual(backend.serverNames, ['localhost'], 'one connection');
  const expected = 'GET / HTTP/1.1\r\nHost: backend\r\n\r\n';
  assert.equal(backend.received, expected.repeat(3));
});

test('TLS: the authorities may be several, as Buffers too', async (t) => {
  const backend = await listen(t);
  await sendOk(backend.pool({}, [SELF_SIGNED_CERTIFICATE, Buffer.from(CA_CERTIFICATE)]));
});

test('TLS: ServerNameToVerify is sent and checked in place of the host (spec/http-api.md §3.5)', async (t) => {
  const backend = await listen(t);
  await sendOk(backend.pool({ host: '127.0.0.1', serverName: 'backend.test' }));
  assert.deepEqual(backend.serverNames, ['backend.test']);
  const wrong = backend.pool({ serverName: 'other.test' });
  assert.deepEqual(await send(wrong).outcome, { cause: 'tls' });
});

test('TLS: an address as host is checked and not sent as server name (RFC 6066 §3)', async (t) => {
  const backend = await listen(t);
  await sendOk(backend.pool({ host: '127.0.0.1' }));
  assert.deepEqual(backend.serverNames, [false]);
});

for (const { name, cert, origin, ca } of [
  { name: 'signed by itself', cert: SELF_SIGNED_CERTIFICATE, origin: {}, ca: CA_CERTIFICATE },
  { name: 'of an unknown authority', cert: SIGNED_CERTIFICATE, origin: {}, ca: SELF_SIGNED_CERTIFICATE },
  {
    name: 'for another name',
    cert: SIGNED_CERTIFICATE,
    origin: { serverName: 'localhost.test' },
    ca: CA_CERTIFICATE,
  },
]) {
  test(`TLS: a certificate ${name} is refused, and nothing is sent (spec/http-api.md §3.3)`, async (t) => {
    const backend = await listen(t, cert);
    const source = new PushedBody(5);
    source.body.push('hello');
    const sent = send(backend.pool(origin, ca), { method: 'POST', body: source.body });
    assert.deepEqual(await sent.outcome, { cause: 'tls' });
    await source.dropped;
    assert.equal(backend.received, '');
  });
}

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`TLS: a refused certificate leaves no session behind that passes the second time (${maxVersion})`, async (t) => {
    const backend = await listen(t, SIGNED_CERTIFICATE, OK_REPLY, maxVersion);
    const upstream = backend.pool({ serverName: 'other.test' });
    for (let i = 0; i < 3; i++) assert.deepEqual(await send(upstream).outcome, { cause: 'tls' });
    assert.equal(backend.received, '');
  });
}

test('TLS: NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch verification off', async (t) => {
  const backend = await listen(t, SELF_SIGNED_CERTIFICATE);
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  t.after(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  assert.deepEqual(await send(backend.pool({})).outcome, { cause: 'tls' });
});

test('TLS: a backend that speaks no TLS, or hangs up', async (t) => {
  const backend = await Backend.listen((peer) => {
    if (peer.index === 0) peer.say('HTTP/1.1 400 Bad Request\r\n\r\n');
    else if (peer.index === 1) peer.socket.end();
    else if (peer.index === 2) peer.socket.resetAndDestroy();
  });
  const pools = createUpstreamPools();
  t.after(async () => {
    await pools.close();
    await backend.close();
  });
  const upstream = pools.acquire({ ...backend.origin, secure: true });
  for (let i = 0; i < 3; i++) assert.deepEqual(await send(upstream).outcome, { cause: 'tls' });
  const hangs = send(upstream, { timeoutInMillis: 1_000 });
  assert.deepEqual(await hangs.outcome, { cause: 'timeout' });
  await backend.peers[3]!.closed;
});

test('TLS: large bodies arrive unchanged in both directions', async (t) => {
  const body = Buffer.alloc(3_000_000, 'abcdefghijk');
  const reply = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body.toString('latin1')}`;
  const backend = await listen(t, SIGNED_CERTIFICATE, reply);
  const upstream = backend.pool({});
  const sent = send(upstream, {
    method: 'POST',
    body: new WholeBody(Buffer.concat([body, Buffer.from('!')])),
  });
  const outcome = await sent.outcome;
  assert.equal(outcome.cause, undefined);
  assert.equal(outcome.body, body.toString('latin1'));
  assert.ok(backend.received.endsWith(`\r\n\r\n${body.toString('latin1')}!`));
});

test('TLS: a client that does not read holds the backend back, and resumes', async (t) => {
  const total = 16 * 1_048_576;
  const reply = `HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n${'x'.repeat(total)}`;
  const upstream = (await listen(t, SIGNED_CERTIFICATE, reply)).pool({});
  const sent = send(upstream, { maxReplyBytes: total });
  sent.hasRoom = false;
  await sent.has(1);
  await send(upstream, { maxReplyBytes: total }).outcome;
  assert.ok(sent.received < 1_048_576);
  sent.hasRoom = true;
  sent.source!.resume();
  assert.equal((await sent.outcome).body?.length, total);
});

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`TLS: a second connection resumes the session of the first (${maxVersion})`, async (t) => {
    const reply = OK_REPLY.replace('\r\n', '\r\nConnection: close\r\n');
    const backend = await listen(t, SIGNED_CERTIFICATE, reply, maxVersion);
    const upstream = backend.pool({});
    for (let i = 0; i < 3; i++) await sendOk(upstream);
    assert.deepEqual(backend.resumed, [false, true, true]);
  });
}
