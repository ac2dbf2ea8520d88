// Frames arrive as they were sent, however the bytes are cut; what a function writes becomes lines.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frame, readFrames } from './frames.ts';
import { OutputLines } from './output-lines.ts';

/** The pieces of `whole` between the cuts. */
function pieces<T extends { slice(start: number, end?: number): T; readonly length: number }>(
  whole: T,
  cuts: readonly number[],
): T[] {
  const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => whole.slice(start, at[i] ?? whole.length));
}

test('frames survive any cut', () => {
  const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.string({ unit: 'grapheme' })));
  fc.assert(
    fc.property(frames, fc.array(fc.nat()), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([kind, text]) => frame(kind, text)));
      const got: [number, string][] = [];
      const reader = readFrames(
        1_000_000,
        (kind, text) => got.push([kind, text]),
        () => assert.fail('no frame is too large'),
      );
      for (const piece of pieces(bytes, cuts)) reader.push(Buffer.from(piece));
      assert.deepEqual(got, sent);
    }),
  );
});

test('a frame over the limit is not collected', () => {
  const got: string[] = [];
  const reader = readFrames(
    4,
    (_, text) => got.push(text),
    () => got.push('oversize'),
  );
  reader.push(Buffer.concat([frame(1, 'four'), frame(1, 'fives').subarray(0, 5)]));
  assert.deepEqual(got, ['four', 'oversize']);
});

test('lines survive any cut', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.array(fc.nat()), (lines, end, cuts) => {
      const got: string[] = [];
      const output = new OutputLines((each) => got.push(each));
      for (const piece of pieces(lines.join(end), cuts)) output.push(piece);
      output.flush();
      assert.deepEqual(got, lines);
    }),
  );
});
