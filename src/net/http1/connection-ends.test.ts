// How connections end without their client's doing, on both codecs: time-outs, too many, shutdown (RFC 9112 §9.5, §9.6).
import assert from 'node:assert/strict';
// Before any test mocks the timers that the module takes when it is loaded.
import 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Exchange } from '../exchange.ts';
import type { HttpLimits } from './limits.ts';
import {
  CODECS,
  parseReplies,
  type Recorder,
  received,
  receivedUntil,
  startListener,
  startRecorder,
} from './raw-client.test.support.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n';

function client(recorder: Recorder): Socket {
  return connect({ host: '127.0.0.1', port: recorder.port, noDelay: true, allowHalfOpen: true });
}

for (const codec of CODECS) {
  const serve = async (
    t: TestContext,
    onExchange: (exchange: Exchange) => void,
    limits: Partial<HttpLimits> = {},
  ): Promise<Recorder> => {
    const recorder = await startListener(codec, onExchange, limits);
    t.after(() => recorder.listener.close(0));
    return recorder;
  };

  test(`${codec}: a head that does not end is given up`, async (t) => {
    const recorder = await startRecorder(codec, { headMillis: 60 });
    t.after(() => recorder.listener.close(0));
    const socket = client(recorder);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 10);
    const text = await received(socket);
    clearInterval(drip);
    assert.equal(text, '');
    assert.deepEqual(recorder.seen, []);
  });

  test(`${codec}: a body that does not end is given up`, async (t) => {
    const recorder = await startRecorder(codec, { headMillis: 40, bodyMillis: 80, bodyPauseMillis: 1_000 });
    t.after(() => recorder.listener.close(0));
    for (const framing of ['Content-Length: 100', 'Content-Length: 100000', 'Transfer-Encoding: chunked']) {
      const socket = client(recorder);
      socket.write(`${POST}${framing}\r\n\r\n`);
      const drip = setInterval(() => socket.write(framing.startsWith('C') ? 'x' : '1\r\nx\r\n'), 10);
      const text = await received(socket);
      clearInterval(drip);
      assert.equal(text, '', framing);
    }
    assert.deepEqual(
      recorder.seen.filter((request) => request.body !== undefined),
      [],
    );
  });

  test(`${codec}: an idle connection is ended`, async (t) => {
    // No look at what is idle before the reply has come, however long that takes.
    t.mock.timers.enable({ apis: ['setInterval'] });
    const recorder = await startRecorder(codec, { idleMillis: 50 });
    t.after(() => recorder.listener.close(0));
    const socket = client(recorder);
    socket.write(GET);
    assert.match(await receivedUntil(socket, (text) => text.endsWith('GET / ')), /^HTTP\/1\.1 200 /);
    const rest = received(socket);
    while (!socket.readableEnded) {
      t.mock.timers.tick(50);
      await new Promise(setImmediate);
    }
    assert.equal(await rest, '');
  });

  test(`${codec}: connections over the limit are not served`, async (t) => {
    const recorder = await startRecorder(codec, { connections: 1 });
    t.after(() => recorder.listener.close(0));
    const first = client(recorder);
    first.write(GET);
    await receivedUntil(first, (text) => text.endsWith('GET / '));
    const second = client(recorder);
    second.write(GET);
    assert.equal(await received(second), '');
    assert.equal(recorder.listener.connections, 1);
    first.destroy();
  });

  test(`${codec}: close ends idle connections at once and the others with their reply`, async (t) => {
    let finish: (() => void) | undefined;
    const recorder = await serve(t, (exchange) => {
      if (exchange.target === '/') exchange.send(200, '', 'idle');
      else finish = () => exchange.send(200, '', 'done');
    });
    const idle = client(recorder);
    idle.write(GET);
    await receivedUntil(idle, (text) => text.endsWith('idle'));
    const busy = client(recorder);
    busy.write(GET.replace('/', '/busy'));
    while (finish === undefined) await new Promise(setImmediate);
    const idleEnd = received(idle);
    const busyEnd = received(busy);
    const closed = recorder.listener.close(10_000);
    assert.equal(await idleEnd, '');
    finish();
    const reply = parseReplies(await busyEnd)[0]!;
    assert.equal(reply.body, 'done');
    assert.equal(reply.headers.get('connection'), 'close');
    await closed;
    assert.equal(recorder.listener.connections, 0);
    await recorder.listener.close(0);
  });

  test(`${codec}: close cuts off what is not done at the deadline`, async () => {
    let aborts = 0;
    let exchange: Exchange | undefined;
    const recorder = await startListener(codec, (arrived) => {
      exchange = arrived;
      arrived.aborter = { abort: () => void aborts++ };
    });
    const socket = client(recorder);
    socket.write(GET);
    while (exchange === undefined) await new Promise(setImmediate);
    const end = received(socket);
    await recorder.listener.close(20);
    assert.equal(await end, '');
    assert.equal(aborts, 1);
  });
}

test('fast: a pause in a body is given up, one that is ours is not', async (t) => {
  const clock = holdTime(t);
  let exchange: Exchange | undefined;
  const recorder = await startListener(
    'fast',
    (arrived) => {
      exchange = arrived;
    },
    { bodyPauseMillis: 40 },
  );
  t.after(() => recorder.listener.close(0));
  const socket = client(recorder);
  socket.write(`${POST}Content-Length: 1000000\r\n\r\n${'x'.repeat(500_000)}`);
  while (exchange === undefined) await new Promise(setImmediate);
  for (let i = 0; i < 200; i++) await new Promise(setImmediate);
  // The body is not taken: that the client cannot go on is our doing.
  for (let i = 0; i < 20; i++) {
    clock.advance(10);
    await new Promise(setImmediate);
  }
  assert.equal(socket.closed, false);
  const aborted = new Promise<void>((resolve) => {
    exchange!.aborter = { abort: resolve };
  });
  const text = received(socket);
  exchange.body.read(10_000_000, () => {});
  let isAborted = false;
  void aborted.then(() => {
    isAborted = true;
  });
  while (!isAborted) {
    clock.advance(10);
    await new Promise(setImmediate);
  }
  assert.equal(await text, '');
});

test('fast: a client that takes nothing of its reply is given up', async (t) => {
  let cancelled = 0;
  const aborted = new Promise<void>((resolve) => {
    void startListener(
      'fast',
      (exchange) => {
        exchange.aborter = { abort: resolve };
        const sink = exchange.stream(200, '', -1);
        const chunk = Buffer.alloc(64_000);
        const push = (): void => {
          while (sink.write(chunk));
        };
        sink.begin({ resume: push, cancel: () => void cancelled++ });
        push();
      },
      { writeStallMillis: 50 },
    ).then((recorder) => {
      t.after(() => recorder.listener.close(0));
      const socket = client(recorder);
      socket.on('error', () => {});
      socket.pause();
      socket.write(GET);
    });
  });
  await aborted;
  assert.equal(cancelled, 1);
});

/** A clock for time-outs that goes when a test lets it. */
function holdTime(t: TestContext): { advance(millis: number): void } {
  let now = performance.now();
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setInterval'] });
  return {
    advance(millis) {
      now += millis;
      t.mock.timers.tick(millis);
    },
  };
}
