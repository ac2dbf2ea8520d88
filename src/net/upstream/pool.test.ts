import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Backend, OK_REPLY, type Peer, send, sendOk } from './backend.test.support.ts';
import { createUpstreamPools, type UpstreamOptions } from './pool.ts';
import type { OriginUpstream, UpstreamPools } from './upstream.ts';

interface Setting {
  readonly backend: Backend;
  readonly pools: UpstreamPools;
  readonly upstream: OriginUpstream;
}

/** A backend, and a pool towards it, closed behind the test. */
async function set(
  t: TestContext,
  onData: (peer: Peer) => void,
  options?: UpstreamOptions,
): Promise<Setting> {
  const backend = await Backend.listen(onData);
  const pools = createUpstreamPools(options);
  t.after(async () => {
    await pools.close();
    await backend.close();
  });
  return { backend, pools, upstream: pools.acquire(backend.origin) };
}

const answerOk = (peer: Peer) => peer.say(OK_REPLY);
const stayQuiet = () => {};

test('pool: calls one after the other share a connection', async (t) => {
  const { backend, upstream } = await set(t, answerOk);
  for (let i = 0; i < 5; i++) await sendOk(upstream);
  assert.equal(backend.peers.length, 1);
  assert.equal(backend.requests, 5);
});

test('pool: calls at a time have a connection each, and the last one freed is used first', async (t) => {
  const { backend, upstream } = await set(t, (peer) => {
    if (peer.requests > 1) answerOk(peer);
  });
  const sent = [send(upstream), send(upstream)];
  await backend.requested(2);
  backend.peers[0]!.say(OK_REPLY);
  await Promise.race(sent.map(({ outcome }) => outcome));
  backend.peers[1]!.say(OK_REPLY);
  await Promise.all(sent.map(({ outcome }) => outcome));
  assert.equal(backend.peers.length, 2);
  for (let i = 0; i < 3; i++) await sendOk(upstream);
  assert.deepEqual(
    backend.peers.map((peer) => peer.requests),
    [1, 4],
  );
});

test('pool: an idle connection is closed in time', async (t) => {
  const { backend, upstream } = await set(t, answerOk, { idleMillis: 1 });
  await sendOk(upstream);
  await backend.peers[0]!.closed;
  await sendOk(upstream);
  assert.equal(backend.peers.length, 2);
});

test('pool: a connection the backend keeps for a second only is not kept', async (t) => {
  const { backend, upstream } = await set(t, (peer) =>
    peer.say('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'),
  );
  await sendOk(upstream);
  await backend.peers[0]!.closed;
});

for (const { name, reply } of [
  { name: 'Connection: close', reply: 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok' },
  { name: 'HTTP/1.0', reply: 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok' },
  { name: 'bytes behind the reply', reply: `${OK_REPLY}HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad` },
]) {
  test(`pool: after ${name} the connection is closed and not used again (RFC 9112 §9.3)`, async (t) => {
    const { backend, upstream } = await set(t, (peer) => peer.say(reply));
    await sendOk(upstream);
    await backend.peers[0]!.closed;
    await sendOk(upstream);
    assert.equal(backend.peers.length, 2);
  });
}

test("pool: bytes on an idle connection end it, they are nobody's reply", async (t) => {
  const { backend, upstream } = await set(t, answerOk);
  await sendOk(upstream);
  backend.peers[0]!.say('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad');
  await backend.peers[0]!.closed;
  await sendOk(upstream);
  assert.equal(backend.peers.length, 2);
});

test('pool: a reply that ends with the connection is complete', async (t) => {
  const { upstream } = await set(t, (peer) => peer.socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
  assert.deepEqual(await send(upstream).outcome, { status: 200, body: 'all of it' });
});

test('pool: more calls than connections wait their turn, first come first served', async (t) => {
  const { backend, upstream } = await set(t, answerOk, { maxConnections: 1 });
  const sent = ['/1', '/2', '/3', '/4'].map((path) => send(upstream, { path }));
  for (const { outcome } of sent) assert.deepEqual(await outcome, { status: 200, body: 'ok' });
  assert.equal(backend.peers.length, 1);
  assert.deepEqual(backend.peers[0]!.text.match(/ \/\d/g), [' /1', ' /2', ' /3', ' /4']);
});

test('pool: a waiting call gets a new connection when the one it waits for is lost', async (t) => {
  const { backend, upstream } = await set(
    t,
    (peer) => (peer.index === 0 ? peer.socket.destroy() : answerOk(peer)),
    { maxConnections: 1 },
  );
  const lost = send(upstream);
  const waiting = send(upstream);
  assert.deepEqual(await lost.outcome, { cause: 'reset' });
  assert.deepEqual(await waiting.outcome, { status: 200, body: 'ok' });
  assert.equal(backend.peers.length, 2);
});

test('pool: the queue is bounded, and what waits in it can be aborted or run out of time', async (t) => {
  const { backend, upstream } = await set(t, stayQuiet, { maxConnections: 1, maxWaiting: 2 });
  const busy = send(upstream, { path: '/busy' });
  await backend.requested(1);
  const overdue = send(upstream, { path: '/overdue', timeoutInMillis: 1 });
  const aborted = send(upstream, { path: '/aborted' });
  const refused = send(upstream, { path: '/refused' });
  assert.deepEqual(await refused.outcome, { cause: 'connect' });
  assert.deepEqual(await overdue.outcome, { cause: 'timeout' });
  aborted.call.abort();
  assert.deepEqual(await aborted.outcome, { cause: 'aborted' });
  const last = send(upstream, { path: '/last' });
  busy.call.abort();
  await once(backend.peers[0]!.socket, 'close');
  last.call.abort();
  assert.deepEqual(await last.outcome, { cause: 'aborted' });
  assert.equal(
    backend.peers.some(({ text }) => /overdue|aborted|refused/.test(text)),
    false,
  );
});

test('pool: a name with addresses of both families is reached', async (t) => {
  const server = http.createServer((request, reply) => reply.end(request.method));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pools = createUpstreamPools();
  t.after(async () => {
    await pools.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const upstream = pools.acquire({ secure: false, host: 'localhost', port });
  assert.deepEqual(await send(upstream, { method: 'DELETE' }).outcome, { status: 200, body: 'DELETE' });
});

test('pool: what goes wrong has a name', async (t) => {
  const pools = createUpstreamPools();
  t.after(() => pools.close());
  const unused = createServer().listen(0, '127.0.0.1');
  await once(unused, 'listening');
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, 'close');
  const refused = pools.acquire({ secure: false, host: '127.0.0.1', port });
  assert.deepEqual(await send(refused).outcome, { cause: 'connect' });
  const refusedTls = pools.acquire({ secure: true, host: '127.0.0.1', port });
  assert.deepEqual(await send(refusedTls).outcome, { cause: 'connect' });
  const unknown = pools.acquire({ secure: false, host: 'backend.invalid', port: 80 });
  assert.deepEqual(await send(unknown).outcome, { cause: 'dns' });
  for (const { reply, cause } of [
    { reply: 'HTTP/1.1 200 OK\r\nContent-Le', cause: 'reset' },
    { reply: 'HTTP/1.1 200 OK\n\n', cause: 'malformed' },
    { reply: 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n', cause: 'oversize' },
  ]) {
    const { upstream } = await set(t, (peer) => peer.socket.end(reply));
    assert.deepEqual(await send(upstream, { maxReplyBytes: 10 }).outcome, { cause });
  }
  const { upstream } = await set(t, (peer) => peer.socket.end('HTTP/1.1 200 OK\r\n\r\nmore than ten'));
  const { cause } = await send(upstream, { maxReplyBytes: 10 }).outcome;
  assert.equal(cause, 'oversize');
});

test('pool: equal origins share a pool, others do not', async (t) => {
  const { backend, pools, upstream } = await set(t, answerOk);
  assert.equal(pools.acquire({ ...backend.origin }), upstream);
  assert.notEqual(pools.acquire({ ...backend.origin, host: 'localhost' }), upstream);
  assert.notEqual(pools.acquire({ ...backend.origin, secure: true }), upstream);
  assert.notEqual(pools.acquire({ ...backend.origin, serverName: 'a.example' }), upstream);
});

test('pool: the last release closes idle connections, calls in flight end in peace', async (t) => {
  const { backend, pools, upstream } = await set(t, (peer) => {
    if (peer.index === 0) answerOk(peer);
  });
  pools.acquire(backend.origin);
  await sendOk(upstream);
  pools.release(upstream);
  await sendOk(upstream);
  assert.equal(backend.peers.length, 1, 'one user is left');
  // The first connection is idle again when the second is busy.
  const first = send(upstream);
  const second = send(upstream);
  await first.outcome;
  await backend.requested(4);
  pools.release(upstream);
  await backend.peers[0]!.closed;
  backend.peers[1]!.say(OK_REPLY);
  assert.deepEqual(await second.outcome, { status: 200, body: 'ok' });
  await backend.peers[1]!.closed;
  assert.throws(() => pools.release(upstream), /released as often as acquired/);
  assert.notEqual(pools.acquire(backend.origin), upstream);
});

test('pool: closing ends calls and connections, for good', async (t) => {
  const { backend, pools, upstream } = await set(t, stayQuiet);
  const busy = send(upstream);
  await backend.requested(1);
  const closed = pools.close();
  assert.deepEqual(await busy.outcome, { cause: 'aborted' });
  await closed;
  await backend.peers[0]!.closed;
  assert.deepEqual(await send(upstream).outcome, { cause: 'aborted' });
  await pools.close();
});
