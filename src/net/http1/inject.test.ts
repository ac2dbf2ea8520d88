import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InjectedExchange, type InjectedReply, inject } from './inject.ts';

test('a request in memory is served and answered', async () => {
  const reply = await inject(
    (exchange) => {
      const { method, target, host } = exchange;
      exchange.body.read(100, (body) =>
        exchange.send(201, 'X-A: b\r\n', `${method} ${target} ${host} ${body}`),
      );
    },
    { method: 'POST', target: '/a?b', body: 'hello', headers: ['X-C', 'd'] },
  );
  assert.equal(reply.status, 201);
  assert.deepEqual(reply.headers.pairs(), ['X-A', 'b']);
  assert.equal(reply.body.toString(), 'POST /a?b localhost hello');
  assert.equal(reply.aborted, false);
});

test('a body that breaks off is told', async () => {
  const reply: InjectedReply = await inject(
    (exchange) => {
      const sink = exchange.stream(200, '', -1);
      sink.begin({ resume() {}, cancel() {} });
      sink.write('part');
      sink.abort('reset');
    },
    { target: '/' },
  );
  assert.equal(reply.aborted, true);
  assert.equal(reply.body.toString(), 'part');
  assert.equal(reply.length, -1);
});

test('HEAD has no body, and two replies or broken header lines are defects', async () => {
  const reply = await inject((exchange) => exchange.send(200, '', 'body'), { method: 'HEAD', target: '/' });
  assert.equal(reply.body.length, 0);
  assert.equal(reply.length, 4);
  await assert.rejects(
    inject((exchange) => exchange.send(200, 'X: y', ''), { target: '/' }),
    /well-formed/,
  );
  const exchange = new InjectedExchange({ target: '/' }, () => {});
  exchange.send(200, '', '');
  assert.throws(() => exchange.send(200, '', ''), /one reply/);
});
