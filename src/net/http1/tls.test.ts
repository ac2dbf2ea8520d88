// The same core over TLS, on both codecs (decision 0010).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request } from 'node:https';
import { connect } from 'node:net';
import { test } from 'node:test';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/certificate.ts';
import { createListener } from '../listener/listener.ts';
import { CODECS } from './raw-client.test.support.ts';

const tls = { identity: { cert: TEST_CERTIFICATE, key: TEST_KEY } };

for (const codec of CODECS) {
  test(`${codec}: requests over TLS`, async (t) => {
    const listener = createListener({
      codec,
      tls,
      onExchange(exchange) {
        exchange.send(200, '', `${exchange.scheme} ${exchange.remoteAddress} ${exchange.target}`);
      },
    });
    t.after(() => listener.close(0));
    const { port } = await listener.listen('127.0.0.1', 0);
    const [reply] = await once(
      get({ port, path: '/a?b', host: '127.0.0.1', ca: TEST_CERTIFICATE }),
      'response',
    );
    reply.setEncoding('latin1');
    const [text] = await once(reply, 'data');
    assert.equal(text, 'https 127.0.0.1 /a?b');
  });

  test(`${codec}: bodies stream through TLS both ways`, async (t) => {
    const listener = createListener({
      codec,
      tls,
      onExchange: (exchange) => exchange.body.pipe(exchange.stream(200, '', exchange.body.length)),
    });
    t.after(() => listener.close(0));
    const { port } = await listener.listen('127.0.0.1', 0);
    const body = Buffer.alloc(3_000_000, '0123456789');
    const upload = request({ port, method: 'POST', host: '127.0.0.1', ca: TEST_CERTIFICATE });
    upload.end(body);
    const [reply] = await once(upload, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of reply) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).equals(body), true);
  });

  test(`${codec}: a client that does not shake hands does not keep a listener from closing`, async () => {
    const listener = createListener({ codec, tls, limits: { headMillis: 100 }, onExchange() {} });
    const { port } = await listener.listen('127.0.0.1', 0);
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    await once(socket, 'connect');
    await new Promise(setImmediate);
    await listener.close(10);
  });
}
