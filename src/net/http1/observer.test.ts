// Whoever serves an exchange hears its end, once, on both codecs (ExchangeObserver).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { BodySource } from '../body.ts';
import type { Exchange, ExchangeObserver } from '../exchange.ts';
import { CODECS, sendRaw, startListener } from './raw-client.test.support.ts';

/** Hears and tells: `replied 4 complete`. */
class Recorder implements ExchangeObserver {
  readonly heard: string[] = [];
  readonly first: Promise<void>;
  #hear: () => void = () => {};

  constructor() {
    this.first = new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  onReplied(bodyBytes: number, complete: boolean): void {
    this.heard.push(`replied ${bodyBytes} ${complete ? 'complete' : 'broken'}`);
    this.#hear();
  }

  onRefused({ status }: { readonly status: number }): void {
    this.heard.push(`refused ${status}`);
    this.#hear();
  }
}

function signal(): [Promise<void>, () => void] {
  let resolve = (): void => {};
  return [
    new Promise<void>((done) => {
      resolve = done;
    }),
    () => resolve(),
  ];
}

const SOURCE: BodySource = { resume() {}, cancel() {} };

function stream(exchange: Exchange, length: number, chunks: readonly string[], end: 'end' | 'abort'): void {
  const sink = exchange.stream(200, '', length);
  sink.begin(SOURCE);
  for (const chunk of chunks) sink.write(Buffer.from(chunk));
  if (end === 'end') sink.end();
  else sink.abort('reset');
}

const CLOSE = 'HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';
const rows: [name: string, request: string, serve: (exchange: Exchange) => void, heard: string][] = [
  ['a reply', `GET / ${CLOSE}\r\n`, (exchange) => exchange.send(200, '', 'body'), 'replied 4 complete'],
  [
    'a reply to HEAD',
    `HEAD / ${CLOSE}\r\n`,
    (exchange) => exchange.send(200, '', 'body'),
    'replied 0 complete',
  ],
  [
    'a reply without body',
    `GET / ${CLOSE}\r\n`,
    (exchange) => exchange.send(204, '', ''),
    'replied 0 complete',
  ],
  [
    'a streamed reply of known length',
    `GET / ${CLOSE}\r\n`,
    (exchange) => stream(exchange, 6, ['one', 'two'], 'end'),
    'replied 6 complete',
  ],
  [
    'a streamed reply in chunks',
    `GET / ${CLOSE}\r\n`,
    (exchange) => stream(exchange, -1, ['one', 'three'], 'end'),
    'replied 8 complete',
  ],
  [
    'a streamed reply to HEAD',
    `HEAD / ${CLOSE}\r\n`,
    (exchange) => stream(exchange, -1, ['one'], 'end'),
    'replied 0 complete',
  ],
  [
    'a reply that breaks off',
    `GET / ${CLOSE}\r\n`,
    (exchange) => stream(exchange, 100, ['one'], 'abort'),
    'replied 3 broken',
  ],
  [
    'a reply that ends too early',
    `GET / ${CLOSE}\r\n`,
    (exchange) => stream(exchange, 100, ['one'], 'end'),
    'replied 3 broken',
  ],
  [
    'a request whose serving throws',
    `GET / ${CLOSE}\r\n`,
    () => {
      throw new Error('on purpose');
    },
    'refused 500',
  ],
];

for (const codec of CODECS) {
  const observed = async (t: TestContext, serve: (exchange: Exchange) => void) => {
    const recorder = new Recorder();
    const { port, listener } = await startListener(codec, (exchange) => {
      exchange.observer = recorder;
      serve(exchange);
    });
    t.after(() => listener.close(0));
    return { recorder, port };
  };

  for (const [name, request, serve, heard] of rows) {
    test(`${codec}: ${name} is heard of`, async (t) => {
      const { recorder, port } = await observed(t, serve);
      await sendRaw(port, [request]).catch(() => undefined);
      await recorder.first;
      assert.deepEqual(recorder.heard, [heard]);
    });
  }

  test(`${codec}: a client that goes away is heard of, before and within the reply`, async (t) => {
    for (const [begin, heard] of [
      [false, 'replied 0 broken'],
      [true, 'replied 4 broken'],
    ] as const) {
      const [served, isServed] = signal();
      const { recorder, port } = await observed(t, (exchange) => {
        isServed();
        if (!begin) return;
        const sink = exchange.stream(200, '', 100);
        sink.begin(SOURCE);
        sink.write(Buffer.from('half'));
      });
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await (begin ? once(socket, 'data') : served);
      socket.resetAndDestroy();
      await recorder.first;
      assert.deepEqual(recorder.heard, [heard]);
    }
  });

  test(`${codec}: a body that turns out malformed is heard of as the codec's answer`, async (t) => {
    const [served, isServed] = signal();
    const { recorder, port } = await observed(t, (exchange) => {
      exchange.body.read(100_000, () => {});
      isServed();
    });
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.on('error', () => {});
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    await served;
    socket.write('nonsense\r\n');
    await recorder.first;
    socket.destroy();
    assert.deepEqual(recorder.heard, ['refused 400']);
  });

  test(`${codec}: each request of a connection is heard of by itself`, async (t) => {
    const { recorder, port } = await observed(t, (exchange) => exchange.send(200, '', exchange.target));
    await sendRaw(port, [`GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /bc ${CLOSE}\r\n`]);
    assert.deepEqual(recorder.heard, ['replied 2 complete', 'replied 3 complete']);
  });
}
