import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../telemetry/log.ts';
import { RefusedSpans, type SendSpans } from './otlp.ts';
import type { Span } from './span.ts';
import { type SpanCounts, SpanQueue } from './span-queue.ts';

const SPAN: Span = {
  ...{
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    flags: 1,
    tracestate: undefined,
    parentId: undefined,
  },
  ...{ hasRemoteParent: false, name: 'GET', kind: 'server', beganAt: 0, endedAt: 1 },
  ...{ attributes: {}, error: undefined, links: [] },
};

function queueOf(send: SendSpans) {
  const counts: SpanCounts = { exported: 0, dropped: 0 };
  const said: string[] = [];
  const log = ((event: string, fields: object) =>
    void said.push(`${event} ${JSON.stringify(fields)}`)) as Log;
  const queue = new SpanQueue('http://c', send, log, counts);
  return { queue, counts, said };
}

test('what does not fit is lost, counted and said once; the end does not wait for a collector that says nothing', async () => {
  const { queue, counts, said } = queueOf(() => new Promise(() => {}));
  for (let i = 0; i < 8_192 + 10; i++) queue.add(SPAN);
  assert.equal(counts.dropped, 10);
  assert.deepEqual(said, [
    'traces.spans-lost {"endpoint":"http://c","spans":1,"reason":"too many spans wait"}',
  ]);
  await queue.close(10);
  assert.deepEqual(counts, { exported: 0, dropped: 8_202 });
  queue.add(SPAN);
  assert.equal(counts.dropped, 8_203);
});

test('what is not taken now is sent again, in its order and before what came later; it is said once', async () => {
  const sent: string[][] = [];
  let isOver: () => void;
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  const { queue, counts, said } = queueOf(async (spans) => {
    sent.push(spans.map(({ name }) => name));
    if (sent.length < 3) throw new Error('no connection');
    isOver();
  });
  queue.add({ ...SPAN, name: 'a' });
  queue.add({ ...SPAN, name: 'b' });
  // Timers of the queue keep no process alive.
  const alive = setInterval(() => {}, 1_000);
  await over;
  clearInterval(alive);
  await queue.close(1_000);
  assert.deepEqual(sent, [
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  assert.deepEqual(counts, { exported: 2, dropped: 0 });
  assert.deepEqual(said, ['traces.not-exported {"endpoint":"http://c","reason":"no connection"}']);
});

test('what is refused is lost, and what waits behind it goes on', async () => {
  const sizes: number[] = [];
  const { queue, counts } = queueOf(async (spans) => {
    if (sizes.push(spans.length) === 1) throw new RefusedSpans('The collector answered 400 Bad Request');
  });
  for (let i = 0; i < 300; i++) queue.add(SPAN);
  await queue.close(1_000);
  assert.deepEqual(sizes, [256, 44]);
  assert.deepEqual(counts, { exported: 44, dropped: 256 });
});
