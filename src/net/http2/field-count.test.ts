// Fields of header blocks are counted right, however they are written and cut (RFC 7541 §5, §6).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FieldCount } from './field-count.ts';

/** An integer behind the bits of `start`, with a prefix of so many bits (§5.1). */
function integer(start: number, bits: number, value: number): Buffer {
  const mask = 2 ** bits - 1;
  if (value < mask) return Buffer.of(start | value);
  const bytes = [start | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const index = fc.oneof(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 1, max: 100_000 }));

/** A text is its length and bytes that say nothing; the first bit says whether they are Huffman's. */
const text = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ minLength: 120, maxLength: 300 })),
  )
  .map(([isCoded, bytes]) => Buffer.concat([integer(isCoded ? 0x80 : 0, 7, bytes.length), bytes]));

/** The forms of §6 with their bits. */
const literal = fc.constantFrom([0x40, 6] as const, [0x00, 4] as const, [0x10, 4] as const);
const representation: fc.Arbitrary<readonly [fields: number, bytes: Buffer]> = fc.oneof(
  index.map((value) => [1, integer(0x80, 7, value)] as const),
  fc
    .tuple(literal, index, text)
    .map(([[start, bits], value, val]) => [1, Buffer.concat([integer(start, bits, value), val])] as const),
  fc
    .tuple(literal, text, text)
    .map(([[start], name, value]) => [1, Buffer.concat([Buffer.of(start), name, value])] as const),
  fc.integer({ min: 0, max: 5_000 }).map((size) => [0, integer(0x20, 5, size)] as const),
);

test('every field is counted once, and sizes of the table are none', () => {
  fc.assert(
    fc.property(fc.array(representation), fc.array(fc.nat()), (block, cuts) => {
      const bytes = Buffer.concat(block.map(([, each]) => each));
      const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
      const fields = new FieldCount();
      let from = 0;
      for (const to of [...ends, bytes.length]) {
        fields.take(bytes, from, to);
        from = to;
      }
      assert.equal(
        fields.count,
        block.reduce((sum, [count]) => sum + count, 0),
      );
    }),
  );
});
