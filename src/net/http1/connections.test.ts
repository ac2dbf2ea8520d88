// What becomes of connections, on both codecs: framing of replies, keep-alive, pipelines, backpressure, aborts (RFC 9112 §6,
// §9). How they end by themselves is in connection-ends.test.ts.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { BodySource } from '../body.ts';
import type { Exchange } from '../exchange.ts';
import type { HttpLimits } from './limits.ts';
import {
  CODECS,
  parseReplies,
  type Recorder,
  received,
  receivedUntil,
  sendRaw,
  startListener,
  startRecorder,
} from './raw-client.test.support.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
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

  test(`${codec}: a sent reply has Content-Length and says what becomes of the connection`, async (t) => {
    const { port } = await serve(t, (exchange) => exchange.send(201, 'X-A: b\r\n', 'body'));
    const [first, second] = parseReplies(await sendRaw(port, [GET + LAST]));
    assert.equal(first!.status, 201);
    assert.deepEqual(
      [...first!.headers],
      [
        ['x-a', 'b'],
        ['content-length', '4'],
        ['connection', 'keep-alive'],
      ],
    );
    assert.equal(first!.body, 'body');
    assert.equal(second!.headers.get('connection'), 'close');
  });

  for (const bytes of [100, 20_000, 300_000]) {
    test(`${codec}: a reply of ${bytes} bytes arrives whole, be it text or buffer`, async (t) => {
      const text = '\x00\x80\xff.'.repeat(bytes / 4);
      const recorder = await serve(t, (exchange) => {
        exchange.send(200, '', exchange.target === '/text' ? text : Buffer.from(text, 'latin1'));
      });
      const requests = GET.replace(' / ', ' /text ') + LAST;
      const replies = parseReplies(await sendRaw(recorder.port, [requests]));
      assert.deepEqual(
        replies.map((reply) => reply.body === text),
        [true, true],
      );
    });
  }

  test(`${codec}: replies to HEAD, 204 and 304 have no body (RFC 9110 §6.4.1)`, async (t) => {
    const { port } = await serve(t, (exchange) => {
      const status = Number(exchange.target.slice(2));
      if (exchange.target.startsWith('/s')) exchange.send(status, '', 'body');
      else pushBody(exchange.stream(status, '', 4), ['body']);
    });
    const requests = [
      'HEAD /s200',
      'HEAD /t200',
      'GET /s204',
      'GET /t204',
      'GET /s304',
      'GET /t304',
      'GET /s200',
    ];
    const bytes = requests.map((request) => `${request} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');
    const replies = parseReplies(await sendRaw(port, [bytes]), ['HEAD', 'HEAD']);
    assert.deepEqual(
      replies.map((reply) => reply.status),
      [200, 200, 204, 204, 304, 304, 200],
    );
    assert.deepEqual(
      replies.map((reply) => reply.body),
      ['', '', '', '', '', '', 'body'],
    );
    const lengths = replies.map((reply) => reply.headers.get('content-length'));
    assert.deepEqual(lengths, ['4', '4', undefined, undefined, undefined, undefined, '4']);
  });

  test(`${codec}: a streamed reply is framed by its length, by chunks or, for HTTP/1.0, by the end`, async (t) => {
    const { port } = await serve(t, (exchange) => {
      const length = exchange.target === '/length' ? 10 : -1;
      pushBody(exchange.stream(200, '', length), ['hello', Buffer.from('world')]);
    });
    const byLength = await sendRaw(port, ['GET /length HTTP/1.1\r\nHost: a\r\n\r\n']);
    assert.match(byLength, /Content-Length: 10\r\nConnection: [\w-]+\r\n\r\nhelloworld$/);
    const chunked = await sendRaw(port, [GET]);
    assert.match(chunked, /Transfer-Encoding: chunked\r\nConnection: [\w-]+\r\n\r\n.*\r\n0\r\n\r\n$/s);
    assert.equal(parseReplies(chunked)[0]!.body, 'helloworld');
    const byClose = await sendRaw(port, ['GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n']);
    assert.match(byClose, /\r\nConnection: close\r\n\r\nhelloworld$/);
    assert.doesNotMatch(byClose, /Transfer-Encoding|Content-Length/);
    const head = await sendRaw(port, ['HEAD / HTTP/1.1\r\nHost: a\r\n\r\n']);
    assert.match(head, /\r\n\r\n$/);
  });

  test(`${codec}: an empty streamed reply is complete`, async (t) => {
    const { port } = await serve(t, (exchange) => {
      pushBody(exchange.stream(200, '', exchange.target === '/length' ? 0 : -1), []);
    });
    const text = await sendRaw(port, ['GET /length HTTP/1.1\r\nHost: a\r\n\r\n', GET]);
    assert.deepEqual(
      parseReplies(text).map((reply) => reply.body),
      ['', ''],
    );
  });

  test(`${codec}: the head of a streamed reply does not wait for its body`, async (t) => {
    let finish: (() => void) | undefined;
    const recorder = await serve(t, (exchange) => {
      const sink = exchange.stream(200, '', -1);
      sink.begin({ resume() {}, cancel() {} });
      finish = () => sink.end();
    });
    const socket = client(recorder);
    socket.write(GET);
    assert.match(await receivedUntil(socket, (text) => text.includes('\r\n\r\n')), /^HTTP\/1\.1 200/);
    const rest = received(socket);
    finish!();
    socket.end();
    assert.equal(await rest, '0\r\n\r\n');
  });

  test(`${codec}: a reply that breaks off ends the connection without looking complete`, async (t) => {
    for (const length of [100, -1]) {
      const recorder = await serve(t, (exchange) => {
        const sink = exchange.stream(200, '', length);
        sink.begin({ resume() {}, cancel() {} });
        sink.write('part');
        setImmediate(() => sink.abort('reset'));
      });
      const text = await sendRaw(recorder.port, [GET]);
      assert.doesNotMatch(text, /0\r\n\r\n$/);
    }
  });

  test(`${codec}: a reply longer or shorter than announced ends the connection`, async (t) => {
    for (const length of [3, 5]) {
      let cancelled = false;
      const recorder = await serve(t, (exchange) => {
        const sink = exchange.stream(200, '', length);
        sink.begin({
          resume() {},
          cancel() {
            cancelled = true;
          },
        });
        sink.write('body');
        sink.end();
      });
      const text = await sendRaw(recorder.port, [GET + GET]);
      assert.ok(!text.includes('body') || length > 4);
      assert.equal(text.split('HTTP/1.1').length <= 2, true, 'no second reply');
      assert.equal(cancelled, length === 3);
    }
  });

  test(`${codec}: 100 requests in a pipeline are served one at a time and answered in order`, async (t) => {
    let inFlight = 0;
    let most = 0;
    const { port } = await serve(t, (exchange) => {
      most = Math.max(most, ++inFlight);
      const answer = (): void => {
        inFlight--;
        exchange.send(200, '', exchange.target);
      };
      if (Number(exchange.target.slice(1)) % 2 === 0) setImmediate(answer);
      else answer();
    });
    const targets = Array.from({ length: 100 }, (_, i) => `/${i}`);
    const bytes = targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');
    const replies = parseReplies(await sendRaw(port, [bytes]));
    assert.deepEqual(
      replies.map((reply) => reply.body),
      targets,
    );
    assert.equal(most, 1);
  });

  test(`${codec}: a client that has ended its side gets its answer`, async (t) => {
    let exchange: Exchange | undefined;
    const recorder = await serve(t, (arrived) => {
      exchange = arrived;
    });
    const socket = client(recorder);
    const reply = received(socket);
    socket.end(GET);
    await once(socket, 'finish');
    while (exchange === undefined) await new Promise(setImmediate);
    // The end comes behind the request, which has come.
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    exchange.send(200, '', 'late');
    assert.match(await reply, /late$/);
  });

  test(`${codec}: Expect: 100-continue is answered before the body comes`, async (t) => {
    const recorder = await serve(t, (exchange) => {
      exchange.body.read(1_000_000, (body) => exchange.send(200, '', body!));
    });
    for (const bytes of [5, 100_000]) {
      const socket = client(recorder);
      socket.write(`${POST}Expect: 100-continue\r\nContent-Length: ${bytes}\r\n\r\n`);
      assert.equal(
        await receivedUntil(socket, (text) => text.endsWith('\r\n\r\n')),
        'HTTP/1.1 100 Continue\r\n\r\n',
      );
      const rest = received(socket);
      socket.end('x'.repeat(bytes));
      assert.equal(parseReplies(await rest)[0]!.body.length, bytes);
    }
  });

  test(`${codec}: no 100 for a body that is too large`, async (t) => {
    const { port } = await serve(t, (exchange) => exchange.send(200, '', ''));
    const text = await sendRaw(port, [`${POST}Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n`]);
    assert.match(text, /^HTTP\/1\.1 413 /);
  });

  test(`${codec}: a declared body over the limit passes where it may be larger`, async (t) => {
    const largeBodies = {
      bytes: 20,
      allow: ({ target, host }: { target: string; host: string }) => target === '/large' && host === 'h',
    };
    const { port } = await serve(
      t,
      (exchange) => exchange.body.read(100, (body) => exchange.send(200, '', String(body?.length))),
      { bodyBytes: 10, largeBodies },
    );
    const post = (target: string, host: string, length: number) =>
      sendRaw(port, [
        `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`,
      ]);
    assert.match(await post('/large', 'h', 20), /^HTTP\/1\.1 200 .*\r\n20$/s);
    assert.match(await post('/large', 'h', 21), /^HTTP\/1\.1 413 /);
    assert.match(await post('/large', 'other', 20), /^HTTP\/1\.1 413 /);
    assert.match(await post('/small', 'h', 11), /^HTTP\/1\.1 413 /);
    assert.match(await post('/small', 'h', 10), /^HTTP\/1\.1 200 /);
  });

  test(`${codec}: a large body streams through, with backpressure both ways`, async (t) => {
    const recorder = await serve(t, (exchange) => {
      exchange.body.pipe(exchange.stream(200, '', exchange.body.length));
    });
    const body = '0123456789'.repeat(500_000);
    const socket = client(recorder);
    const reply = received(socket);
    socket.end(`${POST}Content-Length: ${body.length}\r\n\r\n${body}`);
    assert.equal(parseReplies(await reply)[0]!.body === body, true);
  });

  test(`${codec}: a body nobody reads stops the client`, async (t) => {
    let exchange: Exchange | undefined;
    const recorder = await serve(t, (arrived) => {
      exchange = arrived;
    });
    const socket = client(recorder);
    const bytes = 8_000_000;
    socket.write(`${POST}Content-Length: ${bytes}\r\n\r\n`);
    // The kernel's buffers take some megabytes; all of it only goes when it is read.
    assert.equal(socket.write(Buffer.alloc(bytes)), false);
    let drained = false;
    socket.on('drain', () => {
      drained = true;
    });
    while (exchange === undefined) await new Promise(setImmediate);
    for (let i = 0; i < 200; i++) await new Promise(setImmediate);
    assert.equal(drained, false);
    const reply = received(socket);
    exchange.body.read(bytes, (body) => exchange!.send(200, '', String(body!.length)));
    socket.end();
    assert.match(await reply, /8000000$/);
  });

  test(`${codec}: a slow reader stops the source of its reply`, async (t) => {
    let written = 0;
    let resumed = 0;
    const total = 64_000_000;
    const chunk = Buffer.alloc(64_000);
    const recorder = await serve(t, (exchange) => {
      const sink = exchange.stream(200, '', total);
      const push = (): void => {
        while (written < total) {
          written += chunk.length;
          if (!sink.write(chunk)) return;
        }
        sink.end();
      };
      sink.begin({
        resume() {
          resumed++;
          push();
        },
        cancel() {},
      });
      push();
    });
    const socket = client(recorder);
    socket.pause();
    socket.write(GET);
    while (written === 0) await new Promise(setImmediate);
    for (let i = 0; i < 200; i++) await new Promise(setImmediate);
    assert.ok(written < total / 2, `the source stopped (${written})`);
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.length;
    });
    socket.end();
    socket.resume();
    await once(socket, 'close');
    assert.ok(bytes > total && resumed > 0);
  });

  test(`${codec}: a client that goes away aborts its exchange once and cancels the source`, async (t) => {
    for (const kind of ['waiting', 'streaming', 'uploading']) {
      let aborts = 0;
      let cancels = 0;
      const ends: string[] = [];
      let exchange: Exchange | undefined;
      const aborted = new Promise<void>((resolve) => {
        void serve(t, (arrived) => {
          exchange = arrived;
          arrived.aborter = {
            abort() {
              aborts++;
              resolve();
            },
          };
          if (kind === 'uploading') {
            arrived.body.pipe({
              begin() {},
              write: () => true,
              end: () => void ends.push('end'),
              abort: () => void ends.push('abort'),
            });
          } else if (kind === 'streaming') {
            const sink = arrived.stream(200, '', -1);
            const source: BodySource = { resume() {}, cancel: () => void cancels++ };
            sink.begin(source);
            sink.write('x');
          }
        }).then(async (recorder) => {
          const socket = client(recorder);
          socket.write(kind === 'uploading' ? `${POST}Content-Length: 1000000\r\n\r\nx` : GET);
          while (exchange === undefined) await new Promise(setImmediate);
          socket.resetAndDestroy();
        });
      });
      await aborted;
      exchange!.aborter = { abort: () => void aborts++ };
      await new Promise(setImmediate);
      assert.equal(aborts, 1, kind);
      assert.equal(cancels, kind === 'streaming' ? 1 : 0);
      assert.deepEqual(ends, kind === 'uploading' ? ['abort'] : []);
      if (kind !== 'streaming') exchange!.send(200, '', 'to nobody');
    }
  });

  test(`${codec}: a chunked body over the limit is answered with 413 (spec/http-api.md §3.9)`, async (t) => {
    let body: Buffer | undefined | 'none' = 'none';
    let aborts = 0;
    const recorder = await serve(
      t,
      (exchange) => {
        exchange.aborter = { abort: () => void aborts++ };
        exchange.body.read(1_000_000, (read) => {
          body = read;
        });
      },
      { bodyBytes: 10 },
    );
    const text = await sendRaw(recorder.port, [
      `${POST}Transfer-Encoding: chunked\r\n\r\n`,
      '6\r\nhello!\r\n',
      '5\r\nworld\r\n0\r\n\r\n',
      GET,
    ]);
    assert.match(text, /^HTTP\/1\.1 413 .*\{"message":"Request Entity Too Large"\}$/s);
    assert.equal(body, undefined);
    assert.equal(aborts, 1);
  });

  test(`${codec}: a chunked body over the limit ends the connection when the reply has begun`, async (t) => {
    const recorder = await serve(t, (exchange) => exchange.body.pipe(exchange.stream(200, '', -1)), {
      bodyBytes: 10,
    });
    const socket = client(recorder);
    socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n`);
    const begun = await receivedUntil(socket, (text) => text.includes('hello!'));
    assert.match(begun, /^HTTP\/1\.1 200 /);
    const rest = received(socket);
    socket.write('5\r\nworld\r\n0\r\n\r\n');
    assert.doesNotMatch(await rest, /0\r\n\r\n/);
  });

  test(`${codec}: an early reply keeps the connection when little of the body is left, ends it otherwise`, async (t) => {
    const recorder = await serve(t, (exchange) => {
      exchange.body.discard();
      exchange.send(200, '', 'early');
    });
    for (const [bytes, fate] of [
      [100_000, 'keep-alive'],
      [5_000_000, 'close'],
    ] as const) {
      const socket = client(recorder);
      // All but the last 60,000 bytes are there when the exchange is; of the larger body nothing is.
      const head = `${POST}Content-Length: ${bytes}\r\n\r\n`;
      const reply = received(socket);
      socket.write(head);
      socket.write(Buffer.alloc(bytes));
      socket.end(GET);
      const replies = parseReplies(await reply);
      // How much has been read when the reply begins is the kernel's choice; the promise made is what is kept.
      const kept = replies[0]!.headers.get('connection') === 'keep-alive';
      assert.equal(replies.length, kept ? 2 : 1);
      if (fate === 'close') assert.equal(kept, false);
    }
  });

  test(`${codec}: a defect in serving is a 500, and is told`, async (t) => {
    const defects: unknown[] = [];
    const { createListener } = await import('../listener/listener.ts');
    const listener = createListener({
      codec,
      onExchange() {
        throw new Error('defect');
      },
      onDefect: (error) => void defects.push(error),
    });
    t.after(() => listener.close(0));
    const { port } = await listener.listen('127.0.0.1', 0);
    const text = await sendRaw(port, [GET]);
    assert.match(text, /^HTTP\/1\.1 500 .*\{"message":"Internal Server Error"\}$/s);
    assert.equal(defects.length, 1);
  });

  test(`${codec}: an exchange tells who, how and when`, async (t) => {
    const began = Date.now();
    let exchange: Exchange | undefined;
    const listener = await serve(t, (arrived) => {
      exchange = arrived;
      arrived.send(200, '', '');
    });
    await sendRaw(listener.port, [GET]);
    assert.equal(exchange!.remoteAddress, '127.0.0.1');
    assert.equal(exchange!.scheme, 'http');
    assert.equal(exchange!.replied, true);
    assert.match(exchange!.requestId, /^[\w-]{15}=$/);
    assert.ok(exchange!.startedAt >= began && exchange!.startedAt <= Date.now());
  });

  test(`${codec}: IPv4 clients of a dual-stack port have IPv4 addresses`, async (t) => {
    const { createListener } = await import('../listener/listener.ts');
    const listener = createListener({
      codec,
      onExchange: (exchange) => exchange.send(200, '', exchange.remoteAddress),
    });
    t.after(() => listener.close(0));
    const address = await listener.listen('::', 0).catch(() => undefined);
    if (address === undefined) return t.skip('no IPv6 here');
    assert.match(await sendRaw(address.port, [GET]), /\r\n\r\n127\.0\.0\.1$/);
  });

  test(`${codec}: an address in use is an error`, async (t) => {
    const recorder = await startRecorder(codec);
    t.after(() => recorder.listener.close(0));
    const { createListener } = await import('../listener/listener.ts');
    const second = createListener({ codec, onExchange() {} });
    await assert.rejects(second.listen('127.0.0.1', recorder.port), { code: 'EADDRINUSE' });
    await second.close(0);
  });
}

test('a client that pipelines and reads nothing is served no further', async (t) => {
  let served = 0;
  const body = Buffer.alloc(100_000);
  const recorder = await startListener('fast', (exchange) => {
    served++;
    exchange.send(200, '', body);
  });
  t.after(() => recorder.listener.close(0));
  const socket = client(recorder);
  socket.pause();
  socket.write(GET.repeat(1_000));
  while (served === 0) await new Promise(setImmediate);
  for (let i = 0; i < 200; i++) await new Promise(setImmediate);
  assert.ok(served < 500, `${served} of 1000 replies of 100 KB wait for their reader`);
  let bytes = 0;
  socket.on('data', (data) => {
    bytes += data.length;
  });
  socket.end();
  socket.resume();
  await once(socket, 'close');
  assert.equal(served, 1_000);
  assert.ok(bytes > 1_000 * body.length);
});

function pushBody(sink: ReturnType<Exchange['stream']>, chunks: readonly (string | Buffer)[]): void {
  sink.begin({ resume() {}, cancel() {} });
  for (const chunk of chunks) sink.write(chunk);
  sink.end();
}
