// Questions find their answers, however the bytes are cut; what cannot be sent or answered is refused, and never forgotten.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Duplex, duplexPair, PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { callsTo, serveCalls } from './calls.ts';
import { Channel, ChannelError, type ChannelHandlers, type ChannelLimits, FIRST_KIND } from './channel.ts';

const LIMITS: ChannelLimits = { maxFrameBytes: 1_000_000, maxWaitingBytes: 1_000_000 };
const KIND = FIRST_KIND;

interface End {
  readonly channel: Channel;
  readonly stream: Duplex;
  readonly told: string[];
  ends: number;
}

function endOf(stream: Duplex, handlers: Partial<ChannelHandlers>, limits: Partial<ChannelLimits>): End {
  const told: string[] = [];
  const end: End = {
    stream,
    told,
    ends: 0,
    channel: new Channel(
      stream,
      {
        onAsk: (kind, body) => `${kind}:${body}`,
        onTell: (_kind, body) => void told.push(String(body)),
        onEnd: () => void end.ends++,
        ...handlers,
      },
      { ...LIMITS, ...limits },
    ),
  };
  return end;
}

/** Two ends of one stream; the handlers and limits are those of the second. */
function pair(
  handlers: Partial<ChannelHandlers> = {},
  limits: Partial<ChannelLimits> = {},
): readonly [End, End] {
  const [one, other] = duplexPair();
  return [endOf(one, {}, limits), endOf(other, handlers, limits)];
}

test('every question has its own answer, in whichever order they are given', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: KIND, max: 255 }), fc.uint8Array({ maxLength: 9_000 }), fc.nat(3))),
      async (questions) => {
        const [here] = pair({
          async onAsk(kind, body) {
            for (let turns = body.length % 4; turns > 0; turns--) await new Promise(setImmediate);
            return Buffer.concat([Buffer.from([kind]), body]);
          },
        });
        const answers = await Promise.all(
          questions.map(([kind, body]) => here.channel.ask(kind, Buffer.from(body))),
        );
        assert.deepEqual(
          answers.map((answer) => [...answer]),
          questions.map(([kind, body]) => [kind, ...body]),
        );
        here.channel.end();
      },
    ),
    { numRuns: 50 },
  );
});

test('messages survive any cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 7 }),
      async (texts, step) => {
        const [sending, wire] = duplexPair();
        const [cut, receiving] = duplexPair();
        wire.on('data', (bytes: Buffer) => {
          for (let at = 0; at < bytes.length; at += step) cut.write(bytes.subarray(at, at + step));
        });
        const here = endOf(sending, {}, {});
        const there = endOf(receiving, {}, {});
        for (const text of texts) here.channel.tell(KIND, text);
        while (there.told.length < texts.length) await new Promise(setImmediate);
        assert.deepEqual(there.told, texts);
        here.channel.end();
      },
    ),
    { numRuns: 50 },
  );
});

test('messages of one turn go out in one write', async () => {
  const stream = new PassThrough();
  let writes = 0;
  stream._write = (_chunk, _encoding, done) => {
    writes++;
    done();
  };
  const { channel } = endOf(stream, {}, {});
  for (const text of ['one', 'two', 'three']) channel.tell(KIND, text);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(writes, 1);
});

test('messages of turns that follow one another go out in one write where that is wanted, and none waits for ever', async () => {
  const stream = new PassThrough();
  const sizes: number[] = [];
  stream._write = (chunk: Buffer, _encoding, done) => {
    sizes.push(chunk.length);
    done();
  };
  const { channel } = endOf(stream, {}, { gatheringTurns: 2 });
  const frame = 9 + 1;
  const turns = async (each: readonly boolean[]): Promise<void> => {
    for (const isTold of each) {
      if (isTold) channel.tell(KIND, 'x');
      await new Promise(setImmediate);
    }
  };
  await turns([true, true, false, false]);
  assert.deepEqual(sizes.splice(0), [2 * frame]);
  await turns([true, false, false]);
  assert.deepEqual(sizes.splice(0), [frame]);
  await turns([true, true, true, true, true, true, false, false, false]);
  assert.deepEqual(sizes, [3 * frame, 3 * frame]);
});

test('what a handler throws, at once or later, is the message of the refusal', async () => {
  const [here] = pair({
    onAsk(kind) {
      if (kind === KIND) throw new Error('at once');
      return Promise.reject(new Error('later'));
    },
  });
  await assert.rejects(here.channel.ask(KIND, ''), new ChannelError('at once'));
  await assert.rejects(here.channel.ask(KIND + 1, ''), new ChannelError('later'));
});

test('a message over the limit is refused where it is sent, an answer where it is given', async () => {
  const [here, there] = pair({ onAsk: () => 'x'.repeat(100) }, { maxFrameBytes: 64 });
  await assert.rejects(
    here.channel.ask(KIND, 'x'.repeat(60)),
    new ChannelError('The message of 65 bytes is over the limit of 64.'),
  );
  await assert.rejects(
    here.channel.ask(KIND, ''),
    new ChannelError('The answer of 105 bytes is over the limit of 64.'),
  );
  here.channel.tell(KIND, 'x'.repeat(60));
  assert.deepEqual([here.channel.dropped, here.ends, there.ends], [1, 0, 0]);
});

test('who sends more than a frame may have, or what is no frame, has no channel any more', async () => {
  for (const bytes of [
    [0xff, 0xff, 0xff, 0xff],
    [1, 0, 0, 0, KIND],
    [5, 0, 0, 0, 9, 0, 0, 0, 0],
  ]) {
    const [one, other] = duplexPair();
    const end = endOf(one, {}, {});
    other.resume();
    other.write(Buffer.from(bytes));
    await once(other, 'end');
    assert.equal(end.ends, 1);
  }
});

test('to one who reads nothing no more is sent than may wait', async () => {
  const stream = new Duplex({ read: () => undefined, write: () => undefined });
  const { channel } = endOf(stream, {}, { maxWaitingBytes: 1_000 });
  channel.tell(KIND, Buffer.alloc(600));
  await new Promise(setImmediate);
  channel.tell(KIND, Buffer.alloc(600));
  await assert.rejects(
    channel.ask(KIND, Buffer.alloc(600)),
    new ChannelError('The other process takes nothing at present.'),
  );
  assert.equal(channel.dropped, 1);
});

test('a question is passed on, and what becomes of it comes back', async () => {
  const [middle] = pair({
    onAsk(kind, body) {
      if (kind !== KIND) throw new Error('refused there');
      return body;
    },
  });
  const [here] = pair({
    onAsk(kind, body, asker) {
      middle.channel.askFor(asker, kind, body);
      return undefined;
    },
  });
  for (const bytes of [0, 5, 8_192, 8_193, 40_000]) {
    assert.equal((await here.channel.ask(KIND, Buffer.alloc(bytes))).length, bytes);
  }
  await assert.rejects(here.channel.ask(KIND + 1, ''), new ChannelError('refused there'));
  middle.channel.end();
  await assert.rejects(
    here.channel.ask(KIND, ''),
    new ChannelError('The other process is not there any more.'),
  );
});

test('an end refuses whoever waits, once, on both sides', async () => {
  const [here, there] = pair({ onAsk: () => new Promise(() => undefined) });
  const asked = [here.channel.ask(KIND, 'a'), here.channel.ask(KIND, 'b', 60_000)];
  await new Promise(setImmediate);
  there.channel.end();
  for (const each of asked) {
    await assert.rejects(each, new ChannelError('The other process has ended the conversation.'));
  }
  await assert.rejects(
    here.channel.ask(KIND, ''),
    new ChannelError('The other process is not there any more.'),
  );
  here.channel.end();
  assert.deepEqual([here.ends, there.ends], [1, 1]);
});

test('what was told before the end arrives', async () => {
  const [here, there] = pair();
  here.channel.tell(KIND, 'the last');
  here.channel.end();
  await once(there.stream, 'end');
  assert.deepEqual(there.told, ['the last']);
});

test('an answer that takes too long is given up, and is nobody else’s', async () => {
  let answer = (_: string): void => assert.fail('asked first');
  let asks = 0;
  const [here] = pair({
    onAsk: () => (asks++ === 0 ? new Promise<string>((resolve) => (answer = resolve)) : 'second'),
  });
  await assert.rejects(
    here.channel.ask(KIND, '', 1),
    new ChannelError('The other process has not answered within 1 ms.'),
  );
  while (asks < 1) await new Promise(setImmediate);
  answer('first');
  assert.equal(String(await here.channel.ask(KIND, '')), 'second');
});

test('one who says nothing is asked, and one who does not answer is gone', async () => {
  const watching = { pingMillis: 5, deadMillis: 50 };
  const [one, silent] = duplexPair();
  silent.resume();
  let isOver = false;
  endOf(one, { onEnd: () => (isOver = true) }, watching);
  while (!isOver) await new Promise((resolve) => setTimeout(resolve, 5));

  const [here, there] = pair({}, watching);
  // Many looks of both, on whom nobody has called.
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([here.ends, there.ends], [0, 0]);
  assert.equal(String(await here.channel.ask(KIND, 'still')), `${KIND}:still`);
  here.channel.end();
});

class ParcelError extends Error {
  readonly weight: number;

  constructor(weight: number) {
    super(`It weighs ${weight}.`);
    this.weight = weight;
  }
}

class Scales {
  readonly #most = 10;

  async weigh(parcel: { readonly weight: number }): Promise<ReadonlyMap<string, number>> {
    if (parcel.weight > this.#most) throw new ParcelError(parcel.weight);
    return new Map([['weight', parcel.weight]]);
  }

  async fall(): Promise<void> {
    throw new TypeError('Nobody knows of it.');
  }
}

test('methods elsewhere have results, errors that both know, and refusals', async () => {
  const errors = { ParcelError };
  const [here] = pair({ onAsk: (_kind, body) => serveCalls(new Scales(), errors)(body) });
  const scales = callsTo<Scales & { none(): Promise<void> }>(here.channel, KIND, {
    errors,
  });
  assert.deepEqual(await scales.weigh({ weight: 3 }), new Map([['weight', 3]]));
  await assert.rejects(scales.weigh({ weight: 11 }), (error) => {
    assert.ok(error instanceof ParcelError);
    assert.deepEqual([error.message, error.weight], ['It weighs 11.', 11]);
    return true;
  });
  await assert.rejects(scales.fall(), new ChannelError('Nobody knows of it.'));
  await assert.rejects(scales.none(), new ChannelError('There is no method "none".'));
  const inherited = scales as unknown as { toString(): Promise<void> };
  await assert.rejects(inherited.toString(), new ChannelError('There is no method "toString".'));
  here.channel.end();
});
