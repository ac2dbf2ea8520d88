// HTTP/2 from clients, over real TLS connections (RFC 9113 §8; spec/http-api.md §10.3).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/certificate.ts';
import type { Exchange } from '../exchange.ts';
import type { HttpLimits } from '../http1/limits.ts';
import { createListener } from '../listener/listener.ts';
import type { Refusal } from '../refusals.ts';
import { WholeBody } from '../whole-body.ts';

interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly body: Buffer;
  /** RST_STREAM's, 0 for none. */
  readonly code: number;
}

/** A session with a listener that serves with `serve`. */
async function open(
  t: TestContext,
  onExchange: (exchange: Exchange) => void,
  limits: Partial<HttpLimits> = {},
  onDefect: (error: unknown) => void = (error) => {
    throw error;
  },
): Promise<ClientHttp2Session> {
  const identity = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  const listener = createListener({ tls: { identity }, limits, onExchange, onDefect });
  const { port } = await listener.listen('127.0.0.1', 0);
  const session = connect(`https://localhost:${port}`, {
    ca: TEST_CERTIFICATE,
    lookup: (_host, _options, found) =>
      (found as (e: null, a: unknown) => void)(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  session.on('error', () => {});
  t.after(async () => {
    session.destroy();
    await listener.close(0);
  });
  return session;
}

function send(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Reply> {
  const stream = session.request(fields, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let headers: Reply['headers'] = {};
    stream.on('response', (got) => {
      headers = got;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => {});
    stream.on('close', () =>
      resolve({
        status: Number(headers[':status']),
        headers,
        body: Buffer.concat(chunks),
        code: stream.rstCode ?? 0,
      }),
    );
  });
}

function echo(exchange: Exchange): void {
  exchange.body.read(100_000_000, (body) => {
    if (body !== undefined) exchange.send(200, 'X-Served: yes\r\n', body);
  });
}

test('a request is one of HTTP/1.1 to the gateway: target, host, headers, cookies on one line', async (t) => {
  let seen: readonly unknown[] = [];
  const session = await open(t, (exchange) => {
    const { method, target, host, scheme, headers, remoteAddress } = exchange;
    seen = [method, target, host, scheme, remoteAddress, headers.pairs()];
    exchange.send(200, '', exchange.tls!.serverName);
  });
  const reply = await send(session, {
    ':path': '/a%20b?c=d',
    ':authority': 'API.example.com:443',
    'x-multi': ['1', '2'],
    cookie: ['a=1', 'b=2'],
    te: 'trailers',
  });
  assert.deepEqual(seen, [
    'GET',
    '/a%20b?c=d',
    'API.example.com:443',
    'https',
    '127.0.0.1',
    ['host', 'API.example.com:443', 'x-multi', '1', 'x-multi', '2', 'te', 'trailers', 'cookie', 'a=1; b=2'],
  ]);
  assert.equal(reply.body.toString(), 'localhost');
});

test('reply fields are in lower case, without those of connections, cookies apart, Date as given', async (t) => {
  const session = await open(t, (exchange) => {
    const lines =
      'Content-Type: text/plain\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: X-A\r\nKeep-Alive: 1\r\n' +
      'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nVary: A\r\nVary: B\r\nETag: "1"\r\nETag: "2"\r\n' +
      'X-Latin: \u00e9\r\n';
    exchange.send(201, lines, 'body');
  });
  const { headers, body } = await send(session, { ':path': '/' });
  assert.deepEqual(Object.fromEntries(Object.entries(headers)), {
    ':status': 201,
    'content-type': 'text/plain',
    date: 'Thu, 01 Jan 1970 00:00:00 GMT',
    'set-cookie': ['a=1', 'b=2'],
    vary: 'A, B',
    etag: '"1", "2"',
    'x-latin': '\u00e9',
    'content-length': '4',
  });
  assert.equal(body.toString(), 'body');
});

test('a reply without Date gets none from the codec', async (t) => {
  const session = await open(t, (exchange) => exchange.send(200, '', ''));
  assert.equal((await send(session, { ':path': '/' })).headers.date, undefined);
});

for (const bytes of [0, 10, 65_536, 65_537, 3_000_000]) {
  test(`a body of ${bytes} bytes arrives whole, with and without Content-Length`, async (t) => {
    const session = await open(t, echo);
    const body = Buffer.alloc(bytes, '0123456789');
    const announced = { ':path': '/', ':method': 'POST', 'content-length': bytes };
    const replies = await Promise.all([
      send(session, announced, body),
      send(session, { ':path': '/', ':method': 'POST' }, body),
    ]);
    for (const reply of replies) assert.deepEqual([reply.status, reply.body.equals(body)], [200, true]);
  });
}

test('a body streams through, with backpressure both ways', async (t) => {
  const session = await open(t, (exchange) => exchange.body.pipe(exchange.stream(200, '', -1)));
  const body = Buffer.alloc(8_000_000, '0123456789');
  const reply = await send(session, { ':path': '/', ':method': 'PUT' }, body);
  assert.equal(reply.body.equals(body), true);
  assert.equal(reply.headers['content-length'], undefined);
});

test('a body nobody reads stops the client within its window', async (t) => {
  let exchange: Exchange | undefined;
  const session = await open(t, (arrived) => {
    exchange = arrived;
  });
  const stream = session.request({ ':path': '/', ':method': 'POST' });
  let finished = false;
  stream.on('finish', () => {
    finished = true;
  });
  stream.end(Buffer.alloc(4_000_000));
  while (exchange === undefined || exchange.body.receivedBytes === 0) await new Promise(setImmediate);
  for (let i = 0; i < 200; i++) await new Promise(setImmediate);
  assert.equal(finished, false);
  assert.ok(exchange.body.receivedBytes < 1_000_000);
  exchange.body.read(4_000_000, (body) => exchange!.send(200, '', String(body!.length)));
  stream.setEncoding('latin1');
  const [text] = await once(stream, 'data');
  assert.equal(text, '4000000');
});

test('a slow reader stops the source of its reply', async (t) => {
  let written = 0;
  const total = 64_000_000;
  const chunk = Buffer.alloc(64_000);
  const session = await open(t, (exchange) => {
    const sink = exchange.stream(200, '', total);
    const push = (): void => {
      while (written < total) {
        written += chunk.length;
        if (!sink.write(chunk)) return;
      }
      sink.end();
    };
    sink.begin({ resume: push, cancel() {} });
    push();
  });
  const stream = session.request({ ':path': '/' });
  await once(stream, 'response');
  for (let i = 0; i < 200; i++) await new Promise(setImmediate);
  assert.ok(written < total / 2, `the source stopped (${written})`);
  let bytes = 0;
  stream.on('data', (data: Buffer) => {
    bytes += data.length;
  });
  await once(stream, 'close');
  assert.equal(bytes, total);
});

test('replies to HEAD, 204, 205 and 304 have no body', async (t) => {
  const session = await open(t, (exchange) => {
    const status = Number(exchange.target.slice(2));
    if (exchange.target.startsWith('/s')) exchange.send(status, '', 'body');
    else {
      const sink = exchange.stream(status, '', 4);
      sink.begin({ resume() {}, cancel() {} });
      sink.write('body');
      sink.end();
    }
  });
  const rows: readonly (readonly [string, string, string, string | undefined])[] = [
    ['HEAD', '/s200', '', '4'],
    ['HEAD', '/t200', '', '4'],
    ['GET', '/s204', '', undefined],
    ['GET', '/t204', '', undefined],
    ['GET', '/s205', '', undefined],
    ['GET', '/t304', '', undefined],
    ['GET', '/s200', 'body', '4'],
    ['GET', '/t200', 'body', '4'],
  ];
  for (const [method, path, body, length] of rows) {
    const reply = await send(session, { ':method': method, ':path': path });
    assert.deepEqual([reply.body.toString(), reply.headers['content-length'], reply.code], [body, length, 0]);
  }
});

test('a client that resets a stream aborts its exchange once and cancels the source; other streams go on', async (t) => {
  for (const kind of ['waiting', 'streaming', 'uploading'] as const) {
    const events: string[] = [];
    let done = (): void => {};
    const aborted = new Promise<void>((resolve) => {
      done = resolve;
    });
    let arrived = (): void => {};
    const begun = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const session = await open(t, (exchange) => {
      if (exchange.target === '/other') return exchange.send(200, '', 'fine');
      exchange.observer = {
        onReplied: (_bytes, complete) => events.push(`replied ${complete}`),
        onRefused: () => events.push('refused'),
      };
      exchange.aborter = {
        abort() {
          events.push('abort');
          done();
        },
      };
      if (kind === 'uploading') {
        exchange.body.pipe({
          begin() {},
          write: () => true,
          end: () => events.push('end'),
          abort: () => events.push('cut'),
        });
      } else if (kind === 'streaming') {
        const sink = exchange.stream(200, '', -1);
        sink.begin({ resume() {}, cancel: () => events.push('cancel') });
        sink.write('x');
      }
      arrived();
    });
    const stream = session.request(
      {
        ':path': '/',
        ':method': kind === 'uploading' ? 'POST' : 'GET',
        'content-length': kind === 'uploading' ? 1_000_000 : 0,
      },
      { endStream: kind !== 'uploading' },
    );
    stream.on('error', () => {});
    if (kind === 'uploading') stream.write('x');
    await begun;
    stream.close(constants.NGHTTP2_CANCEL);
    await aborted;
    const expected = { waiting: [], streaming: ['cancel'], uploading: ['cut'] }[kind];
    assert.deepEqual(events, ['replied false', ...expected, 'abort'], kind);
    assert.equal((await send(session, { ':path': '/other' })).body.toString(), 'fine');
  }
});

test('a reply that breaks off, or is longer or shorter than announced, resets its stream', async (t) => {
  const session = await open(t, (exchange) => {
    const sink = exchange.stream(
      200,
      '',
      exchange.target === '/abort' ? -1 : Number(exchange.target.slice(1)),
    );
    sink.begin({ resume() {}, cancel() {} });
    sink.write('body');
    if (exchange.target === '/abort') sink.abort('test');
    else sink.end();
  });
  for (const path of ['/abort', '/3', '/5']) {
    const reply = await send(session, { ':path': path });
    assert.notEqual(reply.code, constants.NGHTTP2_NO_ERROR, path);
  }
  assert.equal((await send(session, { ':path': '/4' })).code, 0);
});

for (const how of ['sent', 'streamed', 'streamed with its length'] as const) {
  test(`a reply (${how}) before the end of the request ends it, and the connection stays`, async (t) => {
    const session = await open(t, (exchange) => {
      if (how === 'sent') exchange.send(403, '', 'no');
      else new WholeBody('no').pipe(exchange.stream(403, '', how === 'streamed' ? -1 : 2));
    });
    const reply = await send(session, { ':path': '/', ':method': 'POST' }, Buffer.alloc(5_000_000));
    assert.deepEqual([reply.status, reply.body.toString(), reply.code], [403, 'no', 0]);
    assert.equal((await send(session, { ':path': '/' })).status, 403);
  });
}

test('limits: head, announced body, body as it comes', async (t) => {
  const refusals: Refusal[] = [];
  const session = await open(
    t,
    (exchange) => {
      exchange.observer = { onReplied() {}, onRefused: (refusal) => refusals.push(refusal) };
      echo(exchange);
    },
    { bodyBytes: 1000, largeBodies: { bytes: 2000, allow: ({ target }) => target === '/large' } },
  );
  const long = await send(session, { ':path': '/', 'x-long': 'x'.repeat(10_240) });
  assert.deepEqual(
    [long.status, long.body.toString()],
    [431, '{"message":"Request Header Fields Too Large"}'],
  );
  assert.match(String(long.headers['apigw-requestid']), /^[\w-]{15}=$/);
  const post = { ':path': '/', ':method': 'POST' };
  assert.equal((await send(session, { ...post, 'content-length': 1001 }, Buffer.alloc(1001))).status, 413);
  assert.equal((await send(session, post, Buffer.alloc(1001))).status, 413);
  assert.deepEqual(
    refusals.map(({ status }) => status),
    [413],
  );
  assert.equal((await send(session, post, Buffer.alloc(1000))).status, 200);
  const large = (length: number) =>
    send(session, { ...post, ':path': '/large', 'content-length': length }, Buffer.alloc(length));
  assert.deepEqual([(await large(2000)).status, (await large(2001)).status], [200, 413]);
});

test('the head may have what HTTP/1.1 allows it, to the byte', async (t) => {
  const session = await open(t, echo);
  const rest = 'GET / HTTP/1.1\r\nhost: localhost\r\nx: \r\n'.length;
  const send_ = (length: number): Promise<Reply> =>
    send(session, { ':path': '/', ':authority': 'localhost', x: 'y'.repeat(length) });
  assert.equal((await send_(10_240 - rest)).status, 200);
  assert.equal((await send_(10_241 - rest)).status, 431);
});

test('Expect: 100-continue is answered before the body comes', async (t) => {
  const session = await open(t, echo);
  const stream = session.request(
    { ':path': '/', ':method': 'POST', expect: '100-continue' },
    { endStream: false },
  );
  await once(stream, 'continue');
  stream.end('body');
  stream.setEncoding('latin1');
  assert.deepEqual(await once(stream, 'data'), ['body']);
});

test('trailers of a request are dropped', async (t) => {
  const session = await open(t, echo);
  const stream = session.request({ ':path': '/', ':method': 'POST' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': '1' }));
  stream.end('body');
  stream.setEncoding('latin1');
  assert.deepEqual(await once(stream, 'data'), ['body']);
});

test('a defect is answered with 500 on its stream alone', async (t) => {
  const defects: unknown[] = [];
  const session = await open(
    t,
    (exchange) => {
      if (exchange.target === '/') throw new Error('a defect');
      exchange.send(200, '', '');
    },
    {},
    (error) => defects.push(error),
  );
  assert.equal((await send(session, { ':path': '/' })).status, 500);
  assert.equal((await send(session, { ':path': '/fine' })).status, 200);
  assert.equal(defects.length, 1);
});

test('closing sends GOAWAY, and replies in flight are finished', async (t) => {
  const identity = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  let finish = (): void => {};
  const listener = createListener({
    tls: { identity },
    onExchange: (exchange) => {
      finish = () => exchange.send(200, '', 'late');
    },
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  const session = connect(`https://127.0.0.1:${port}`, { ca: TEST_CERTIFICATE });
  t.after(() => session.destroy());
  const goaway = once(session, 'goaway');
  const reply = send(session, { ':path': '/' });
  await once(session, 'remoteSettings');
  while (listener.connections === 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  const closed = listener.close(10_000);
  await goaway;
  finish();
  assert.equal((await reply).body.toString(), 'late');
  await closed;
});

test('an idle connection is ended; so is a body that stalls', async (t) => {
  const session = await open(t, echo, { idleMillis: 100, bodyPauseMillis: 100 });
  const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
  stream.on('error', () => {});
  stream.write('x');
  await once(stream, 'close');
  assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
  await once(session, 'close');
});
