import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { IncomingBody } from '../body.ts';
import { WholeBody } from '../whole-body.ts';
import { Backend, OK_REPLY, type Peer, PushedBody, send, sendOk } from './backend.test.support.ts';
import { createUpstreamPools } from './pool.ts';
import type { Upstream } from './upstream.ts';

async function set(
  t: TestContext,
  onData: (peer: Peer) => void,
): Promise<{ backend: Backend; upstream: Upstream }> {
  const backend = await Backend.listen(onData);
  const pools = createUpstreamPools();
  t.after(async () => {
    await pools.close();
    await backend.close();
  });
  return { backend, upstream: pools.acquire(backend.origin) };
}

const answerOk = (peer: Peer) => peer.say(OK_REPLY);
const stayQuiet = () => {};

function pushed(length: number, ...chunks: (string | Buffer)[]): IncomingBody {
  const source = new PushedBody(length);
  for (const chunk of chunks) source.body.push(chunk);
  source.body.finish();
  return source.body;
}

// Request framing (RFC 9112 §6, RFC 9110 §8.6).
const framed: readonly { name: string; method: string; body: () => IncomingBody; rest: string }[] = [
  ...['GET', 'HEAD', 'DELETE', 'OPTIONS', 'REPORT'].map((method) => ({
    name: `${method} without a body`,
    method,
    body: () => new WholeBody(''),
    rest: '\r\n',
  })),
  ...['POST', 'PUT', 'PATCH'].map((method) => ({
    name: `${method} without a body`,
    method,
    body: () => new WholeBody(''),
    rest: 'Content-Length: 0\r\n\r\n',
  })),
  ...['GET', 'POST', 'DELETE'].map((method) => ({
    name: `${method} with a whole body`,
    method,
    body: () => new WholeBody('hello\xff'),
    rest: 'Content-Length: 6\r\n\r\nhello\xff',
  })),
  {
    name: 'a whole body as a Buffer',
    method: 'PUT',
    body: () => new WholeBody(Buffer.from([1, 2, 255])),
    rest: 'Content-Length: 3\r\n\r\n\x01\x02\xff',
  },
  {
    name: 'a streamed body of known length',
    method: 'POST',
    body: () => pushed(6, 'he', Buffer.from('ll'), 'o', Buffer.from([255])),
    rest: 'Content-Length: 6\r\n\r\nhello\xff',
  },
  {
    name: 'a streamed body of unknown length',
    method: 'POST',
    body: () => pushed(-1, 'hello', Buffer.alloc(17, 'x'), ''),
    rest: `Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n11\r\n${'x'.repeat(17)}\r\n0\r\n\r\n`,
  },
  {
    name: 'a streamed body of unknown length that is empty',
    method: 'POST',
    body: () => pushed(-1),
    rest: 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
];

for (const { name, method, body, rest } of framed) {
  test(`requests: ${name} is framed (RFC 9112 §6)`, async (t) => {
    const expected = `${method} / HTTP/1.1\r\nHost: backend\r\n${rest}`;
    const { backend, upstream } = await set(t, (peer) => {
      const { length } = peer.text;
      if (length === expected.length || length === 2 * expected.length) {
        peer.say(method === 'HEAD' ? 'HTTP/1.1 200 OK\r\n\r\n' : OK_REPLY);
      }
    });
    for (let i = 0; i < 2; i++)
      assert.equal((await send(upstream, { method, body: body() }).outcome).status, 200);
    assert.equal(backend.peers.length, 1);
    assert.equal(backend.peers[0]!.text, expected + expected);
  });
}

for (const { name, chunks } of [
  { name: 'shorter', chunks: ['ab'] },
  { name: 'longer', chunks: ['ab', 'cd'] },
]) {
  test(`requests: a body ${name} than announced ends the call and the connection`, async (t) => {
    const { backend, upstream } = await set(t, stayQuiet);
    await send(upstream, { method: 'POST', body: pushed(3, ...chunks) }).outcome.then((outcome) =>
      assert.deepEqual(outcome, { cause: 'aborted' }),
    );
    await backend.peers[0]!.closed;
    assert.equal(backend.peers[0]!.text.includes('cd'), false);
  });
}

test('requests: a client that goes away in its body ends the call and the connection', async (t) => {
  const { backend, upstream } = await set(t, stayQuiet);
  const source = new PushedBody(100);
  const sent = send(upstream, { method: 'POST', body: source.body });
  source.body.push('half');
  await backend.requested(1);
  source.body.fail('client-gone');
  assert.deepEqual(await sent.outcome, { cause: 'aborted' });
  await backend.peers[0]!.closed;
});

test('requests: a failed connect lets go of a streamed body', async () => {
  const pools = createUpstreamPools();
  const upstream = pools.acquire({ secure: false, host: 'backend.invalid', port: 80 });
  const source = new PushedBody(100);
  const sent = send(upstream, { method: 'POST', body: source.body });
  await source.dropped;
  assert.deepEqual(await sent.outcome, { cause: 'dns' });
  await pools.close();
});

test('requests: a backend that does not read holds the client back', async (t) => {
  const { backend, upstream } = await set(t, (peer) => {
    if (!isReading) peer.socket.pause();
    if (peer.bytes > total) answerOk(peer);
  });
  let isReading = false;
  const total = 64 * 1_048_576;
  const chunk = Buffer.alloc(65_536, 'x');
  const source = new PushedBody(total);
  const sent = send(upstream, { method: 'POST', body: source.body });
  await backend.requested(1);
  let given = 0;
  const give = () => {
    for (; given < total && !source.isPaused; given += chunk.length) source.body.push(chunk);
  };
  // What the kernel takes is bounded; the rest stays here. Its buffers may grow a few times.
  give();
  assert.ok(given < total);
  isReading = true;
  backend.peers[0]!.socket.resume();
  while (given < total) {
    await source.resumed();
    give();
  }
  source.body.finish();
  assert.deepEqual(await sent.outcome, { status: 200, body: 'ok' });
  const head = 'POST / HTTP/1.1\r\nHost: backend\r\nContent-Length: 67108864\r\n\r\n';
  assert.equal(backend.peers[0]!.bytes, head.length + total);
});

test('replies: a client that does not read holds the backend back, and resumes', async (t) => {
  const total = 64 * 1_048_576;
  const { backend, upstream } = await set(t, (peer) => {
    if (peer.index > 0 || peer.requests > 1) return answerOk(peer);
    peer.say(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    peer.socket.write(Buffer.alloc(total, 'x'));
  });
  const sent = send(upstream, { maxReplyBytes: total });
  sent.hasRoom = false;
  await sent.has(1);
  const { received } = sent;
  for (let i = 0; i < 5; i++) await sendOk(upstream);
  assert.equal(sent.received, received, 'nothing is read meanwhile');
  assert.ok(backend.peers[0]!.socket.writableLength > 0);
  sent.hasRoom = true;
  sent.source!.resume();
  const { status, body, cause } = await sent.outcome;
  assert.deepEqual({ status, length: body?.length, cause }, { status: 200, length: total, cause: undefined });
  await sendOk(upstream);
  assert.equal(backend.peers.length, 2, 'both connections live');
});

test('time-outs: no reply in time closes the connection', async (t) => {
  const { backend, upstream } = await set(t, stayQuiet);
  const sent = send(upstream, { timeoutInMillis: 1_000 });
  assert.deepEqual(await sent.outcome, { cause: 'timeout' });
  await backend.peers[0]!.closed;
});

test('time-outs: the time covers the whole reply (spec/http-api.md §3.8)', async (t) => {
  const { backend, upstream } = await set(t, (peer) =>
    peer.say('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
  );
  const sent = send(upstream, { timeoutInMillis: 1_000 });
  assert.deepEqual(await sent.outcome, { status: 200, body: 'half', cause: 'timeout' });
  await backend.peers[0]!.closed;
});

test('time-outs: the time a client takes to read the reply does not count', async (t) => {
  const { upstream } = await set(t, (peer) => {
    if (peer.index === 0) peer.say('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf');
  });
  const slow = send(upstream, { timeoutInMillis: 1_500 });
  slow.hasRoom = false;
  await slow.has(4);
  assert.deepEqual(await send(upstream, { timeoutInMillis: 1_600 }).outcome, { cause: 'timeout' });
  slow.hasRoom = true;
  slow.source!.resume();
  assert.deepEqual(await slow.outcome, { status: 200, body: 'half', cause: 'timeout' });
});

test('time-outs: the time a client takes to send its body does not count', async (t) => {
  const { upstream } = await set(t, (peer) => {
    if (peer.text.endsWith('whole')) answerOk(peer);
  });
  const source = new PushedBody(5);
  const slow = send(upstream, { method: 'POST', body: source.body, timeoutInMillis: 1_500 });
  source.body.push('who');
  assert.deepEqual(await send(upstream, { timeoutInMillis: 1_600 }).outcome, { cause: 'timeout' });
  source.body.push('le');
  source.body.finish();
  assert.deepEqual(await slow.outcome, { status: 200, body: 'ok' });
});

// spec/http-api.md §3.8, RFC 9112 §9.3.1: once, on a fresh connection, and only when nothing can have happened twice.
const stale: readonly {
  name: string;
  method: string;
  body?: () => IncomingBody;
  /** Said by the backend before it closes. */
  said?: string;
  isRepeated: boolean;
}[] = [
  { name: 'GET', method: 'GET', isRepeated: true },
  { name: 'HEAD', method: 'HEAD', isRepeated: true },
  { name: 'OPTIONS', method: 'OPTIONS', isRepeated: true },
  { name: 'DELETE', method: 'DELETE', isRepeated: true },
  { name: 'PUT with a whole body', method: 'PUT', body: () => new WholeBody('a'), isRepeated: true },
  { name: 'PUT with a streamed body', method: 'PUT', body: () => pushed(1, 'a'), isRepeated: false },
  { name: 'POST', method: 'POST', isRepeated: false },
  { name: 'POST with a whole body', method: 'POST', body: () => new WholeBody('a'), isRepeated: false },
  { name: 'PATCH', method: 'PATCH', isRepeated: false },
  { name: 'REPORT', method: 'REPORT', isRepeated: false },
  { name: 'GET with a reply begun', method: 'GET', said: 'H', isRepeated: false },
  {
    name: 'GET behind an interim reply',
    method: 'GET',
    said: 'HTTP/1.1 100 Continue\r\n\r\n',
    isRepeated: false,
  },
];

for (const { name, method, body, said, isRepeated } of stale) {
  test(`stale connections: ${name} is ${isRepeated ? 'sent once more' : 'not repeated'} (spec/http-api.md §3.8)`, async (t) => {
    const { backend, upstream } = await set(t, (peer) => {
      if (peer.index > 0 || peer.requests === 1) peer.say('HTTP/1.1 204 No Content\r\n\r\n');
      else if (said === undefined) peer.socket.destroy();
      else peer.socket.end(said);
    });
    await send(upstream).outcome;
    const outcome = await send(upstream, { method, ...(body === undefined ? {} : { body: body() }) }).outcome;
    assert.deepEqual(outcome, isRepeated ? { status: 204, body: '' } : { cause: 'reset' });
    assert.equal(backend.requests, isRepeated ? 3 : 2);
    assert.equal(backend.peers.length, isRepeated ? 2 : 1);
  });
}

test('stale connections: a fresh connection that ends is not repeated', async (t) => {
  const { backend, upstream } = await set(t, (peer) => peer.socket.destroy());
  assert.deepEqual(await send(upstream).outcome, { cause: 'reset' });
  assert.equal(backend.requests, 1);
});

test('stale connections: there is no second repetition', async (t) => {
  const { backend, upstream } = await set(t, (peer) => {
    if (backend.requests === 1) answerOk(peer);
    else peer.socket.destroy();
  });
  await sendOk(upstream);
  assert.deepEqual(await send(upstream).outcome, { cause: 'reset' });
  assert.equal(backend.requests, 3);
});

test('abort: before the reply the call fails and the connection closes', async (t) => {
  const { backend, upstream } = await set(t, stayQuiet);
  const sent = send(upstream);
  await backend.requested(1);
  sent.call.abort();
  sent.call.abort();
  assert.deepEqual(await sent.outcome, { cause: 'aborted' });
  await backend.peers[0]!.closed;
});

test('abort: while connecting', async (t) => {
  const { upstream } = await set(t, answerOk);
  const sent = send(upstream);
  sent.call.abort();
  assert.deepEqual(await sent.outcome, { cause: 'aborted' });
  await sendOk(upstream);
});

test('abort: in the reply its body is aborted and the connection closes', async (t) => {
  const { backend, upstream } = await set(t, (peer) =>
    peer.say('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
  );
  const sent = send(upstream);
  await sent.has(4);
  sent.call.abort();
  assert.deepEqual(await sent.outcome, { status: 200, body: 'half', cause: 'aborted' });
  await backend.peers[0]!.closed;
});

test('abort: a sink that gives up closes the connection', async (t) => {
  const { backend, upstream } = await set(t, (peer) =>
    peer.say('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
  );
  const sent = send(upstream);
  await sent.has(4);
  sent.source!.cancel();
  await backend.peers[0]!.closed;
});

test('abort: after the reply it leaves alone who uses the connection now', async (t) => {
  const { backend, upstream } = await set(t, (peer) => {
    if (peer.requests === 1) peer.say('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
  });
  const first = send(upstream);
  await first.replied;
  backend.peers[0]!.say('ok');
  await first.outcome;
  const second = send(upstream);
  await backend.requested(2);
  first.call.abort();
  first.source!.cancel();
  first.source!.resume();
  backend.peers[0]!.say(OK_REPLY);
  assert.deepEqual(await second.outcome, { status: 200, body: 'ok' });
  assert.equal(backend.peers.length, 1);
});

for (const { name, reply } of [
  { name: 'complete', reply: OK_REPLY },
  { name: 'that refuses it', reply: 'HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\n' },
]) {
  test(`early replies: one ${name} is delivered, the request body let go, the connection closed`, async (t) => {
    const { backend, upstream } = await set(t, (peer) => peer.say(reply));
    const source = new PushedBody(1_000_000);
    const sent = send(upstream, { method: 'POST', body: source.body });
    const { status } = await sent.replied;
    assert.equal(status, Number(reply.slice(9, 12)));
    await source.dropped;
    if (!reply.endsWith('ok')) backend.peers[0]!.say('ok');
    assert.deepEqual(await sent.outcome, { status, body: 'ok' });
    await backend.peers[0]!.closed;
  });
}

test('early replies: a backend that answers while it reads gets the whole request', async (t) => {
  const { backend, upstream } = await set(t, (peer) => {
    if (peer.requests > 1) answerOk(peer);
    else if (peer.requests > 0 && !peer.text.includes('\r\n\r\na')) {
      peer.say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n');
    } else if (peer.text.endsWith('a'.repeat(100_000))) peer.say('4\r\ndone\r\n0\r\n\r\n');
  });
  const source = new PushedBody(100_000);
  const sent = send(upstream, { method: 'POST', body: source.body });
  await sent.has(5);
  for (let i = 0; i < 10; i++) {
    source.body.push('a'.repeat(10_000));
    await source.resumed();
  }
  source.body.finish();
  assert.deepEqual(await sent.outcome, { status: 200, body: 'begundone' });
  await sendOk(upstream);
  assert.equal(backend.peers.length, 1, 'the connection is used again');
});
