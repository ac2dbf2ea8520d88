// Buckets in this process, on the system's clock and on one of the test's own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { SYSTEM_CLOCK } from '../../clock.ts';
import { Channel } from '../../net/channel/channel.ts';
import type { TokenSource } from '../../stage/token-source.ts';
import { CHANNEL_LIMITS } from '../workers/protocol.ts';
import { LocalTokens } from './local-tokens.ts';
import { decodeAsk, encodeGrant } from './token-frames.ts';
import { tokenSourceContract } from './token-source.test.support.ts';
import { workerTokens } from './worker-tokens.ts';

tokenSourceContract('this process', async () => {
  const tokens = new LocalTokens(SYSTEM_CLOCK);
  return {
    of: (holder) => ({ take: async (ask) => tokens.take(holder, ask) }),
    close: async () => {},
  };
});

tokenSourceContract('a primary, by the channel of its workers', async () => {
  const tokens = new LocalTokens(SYSTEM_CLOCK);
  const path = join(await mkdtemp(join(tmpdir(), 'postern-tokens-')), 'primary.sock');
  const answering = createServer();
  await once(answering.listen(path), 'listening');
  const channels: Channel[] = [];
  const sources = new Map<string, TokenSource>();
  for (const holder of ['a', 'b']) {
    const asking = connect(path);
    const [served] = (await once(answering, 'connection')) as [Socket];
    const silent = { onAsk: () => '', onTell() {}, onEnd() {} };
    const onAsk = (_kind: number, body: Buffer) => encodeGrant(tokens.take(holder, decodeAsk(body)));
    channels.push(new Channel(served, { ...silent, onAsk }, CHANNEL_LIMITS));
    const channel = new Channel(asking, silent, CHANNEL_LIMITS);
    channels.push(channel);
    const log = (event: string) => assert.fail(event);
    sources.set(holder, workerTokens({ channel, workers: 2, clock: SYSTEM_CLOCK, log }));
  }
  return {
    of: (holder) => sources.get(holder)!,
    async close() {
      for (const channel of channels) channel.end();
      await new Promise((resolve) => answering.close(resolve));
      await rm(dirname(path), { recursive: true });
    },
  };
});

test('each of several has its share, which changes with their number; of a burst of one each has one', () => {
  let [now, parts] = [0, 2];
  const tokens = new LocalTokens({ monotonic: () => now, epoch: () => now, onAhead() {} }, () => parts);
  const take = (bucket: string, burstLimit: number): number =>
    tokens.take('a', { bucket, numbers: { rateLimit: 10, burstLimit }, due: 99, ahead: 0, back: 0, held: 0 })
      .granted;
  assert.deepEqual([take('b', 10), take('one', 1)], [5, 1]);
  now += 1_000;
  assert.equal(take('b', 10), 5);
  parts = 5;
  now += 500;
  assert.equal(take('b', 10), 1);
});

test('buckets that are full again are forgotten, the others are not', () => {
  let now = 0;
  const tokens = new LocalTokens({ monotonic: () => now, epoch: () => now, onAhead() {} });
  const take = (bucket: string, due: number): number => {
    const numbers = { rateLimit: 1, burstLimit: 100 };
    return tokens.take('a', { bucket, numbers, due, ahead: 0, back: 0, held: 0 }).granted;
  };
  take('empty', 100);
  for (let i = 0; i < 5_000; i++) {
    take(`full ${i}`, 1);
    now += 2;
  }
  assert.equal(take('empty', 100), 10);
  assert.ok(tokens.size < 2_500, String(tokens.size));
});
