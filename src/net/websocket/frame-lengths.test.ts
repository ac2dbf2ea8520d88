// Frames followed in any pieces say the same (RFC 6455 §5.2; spec/websocket-api.md §7.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameLengths } from './frame-lengths.ts';

const MAX = 300;

interface Sent {
  readonly kind: 'text' | 'compressed' | 'ping';
  /** Lengths of the frames of a message. */
  readonly lengths: readonly number[];
}

const message: fc.Arbitrary<Sent> = fc.record({
  kind: fc.constantFrom('text', 'compressed', 'ping'),
  lengths: fc.array(fc.oneof(fc.integer({ min: 0, max: 130 }), fc.constantFrom(MAX, MAX + 1, 70_000)), {
    minLength: 1,
    maxLength: 3,
  }),
});

function frame(first: number, length: number): Buffer {
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended + 4);
  head[0] = first;
  head[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  else if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  // A payload that looks like frames.
  return Buffer.concat([head, Buffer.alloc(length, 0x81)]);
}

function framesOf({ kind, lengths }: Sent): Buffer[] {
  if (kind === 'ping') return [frame(0x89, Math.min(lengths[0]!, 125))];
  return lengths.map((length, i) => {
    const opcode = i > 0 ? 0 : kind === 'compressed' ? 0x41 : 0x01;
    return frame(opcode | (i === lengths.length - 1 ? 0x80 : 0), length);
  });
}

function take(frames: FrameLengths, bytes: Buffer, cuts: readonly number[]): void {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    frames.take(bytes.subarray(start, end));
    start = end;
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 20 });

test('the message with a frame that is too long, and those that came compressed in one', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), cuts, (sent, cuts) => {
      const frames = new FrameLengths(MAX);
      take(frames, Buffer.concat(sent.flatMap(framesOf)), cuts);
      const messages = sent.filter(({ kind }) => kind !== 'ping');
      const isTooLong = ({ kind, lengths }: Sent) =>
        kind === 'text' && lengths.some((length) => length > MAX);
      assert.equal(frames.refusedAt, messages.findIndex(isTooLong));
      for (const [i, { kind, lengths }] of messages.entries()) {
        assert.equal(frames.wasCompressedWhole(i), kind === 'compressed' && lengths.length === 1);
      }
    }),
  );
});

test('between messages, and nowhere else, nothing of another has come', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), fc.nat(), (sent, cut) => {
      const pieces = sent.flatMap(framesOf);
      const bytes = Buffer.concat(pieces);
      const end = cut % (bytes.length + 1);
      const frames = new FrameLengths(MAX);
      frames.take(bytes.subarray(0, end));
      // Where a message begins or a ping stands between two.
      let at = 0;
      let isInside = false;
      let complete = 0;
      const borders = new Map([[0, 0]]);
      for (const piece of pieces) {
        at += piece.length;
        const isPing = (piece[0]! & 0x0f) === 9;
        if (!isPing) isInside = (piece[0]! & 0x80) === 0;
        if (!isPing && !isInside) complete++;
        if (!isInside) borders.set(at, complete);
      }
      const expected = borders.get(end);
      for (let count = 0; count <= complete; count++) {
        assert.equal(frames.isBetween(count), count === expected, `${count} of ${complete} at ${end}`);
      }
    }),
    { numRuns: 500 },
  );
});

/** A frame whose length stands in so many bytes. */
function written(first: number, length: number, bytes: 0 | 2 | 8): Buffer {
  const head = Buffer.alloc(2 + bytes + 4);
  head[0] = first;
  head[1] = 0x80 | (bytes === 0 ? length : bytes === 2 ? 126 : 127);
  if (bytes === 2) head.writeUInt16BE(length, 2);
  else if (bytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(length)]);
}

const FORMS: readonly (readonly [length: number, bytes: 0 | 2 | 8, isShortest: boolean])[] = [
  [0, 0, true],
  [125, 0, true],
  [0, 2, false],
  [125, 2, false],
  [126, 2, true],
  [65_535, 2, true],
  [0, 8, false],
  [125, 8, false],
  [126, 8, false],
  [65_535, 8, false],
  [65_536, 8, true],
];

for (const [length, bytes, isShortest] of FORMS) {
  test(`a length of ${length} in ${bytes} further bytes is ${isShortest ? '' : 'not '}in its shortest form`, () => {
    for (const first of [0x81, 0x01, 0x02, 0x80, 0xc1]) {
      const frames = new FrameLengths(1_000_000);
      const before = first === 0x80 ? [frame(0x01, 1)] : [frame(0x81, 1)];
      take(frames, Buffer.concat([...before, written(first, length, bytes)]), [1, 5, 9]);
      assert.equal(frames.refusedAt, isShortest ? -1 : before.length - (first === 0x80 ? 1 : 0));
      if (!isShortest) assert.equal(frames.refusal, 'notShortest');
    }
  });
}
