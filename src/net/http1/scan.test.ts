import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { HeaderBlock } from '../header-block.ts';
import { INCOMPLETE, isCanonicalName, MALFORMED, scanHeaderBytes, scanHeaderLines } from './scan.ts';

const accepted: readonly { name: string; lines: string; pairs: readonly string[] }[] = [
  { name: 'no headers', lines: '\r\n', pairs: [] },
  { name: 'one header', lines: 'Host: a\r\n\r\n', pairs: ['Host', 'a'] },
  { name: 'no blank behind the colon', lines: 'Host:a\r\n\r\n', pairs: ['Host', 'a'] },
  { name: 'blanks around the value are not part of it', lines: 'A: \t b c \t\r\n\r\n', pairs: ['A', 'b c'] },
  { name: 'an empty value', lines: 'A:\r\nB: \t \r\n\r\n', pairs: ['A', '', 'B', ''] },
  { name: 'obs-text in a value', lines: 'A: \x80\xff\r\n\r\n', pairs: ['A', '\x80\xff'] },
  { name: 'colons in a value', lines: 'A: b:c\r\n\r\n', pairs: ['A', 'b:c'] },
  {
    name: 'every token octet',
    lines: "!#$%&'*+-.^_`|~09AZaz: x\r\n\r\n",
    pairs: ["!#$%&'*+-.^_`|~09AZaz", 'x'],
  },
  { name: 'repeated names', lines: 'A: 1\r\na: 2\r\n\r\n', pairs: ['A', '1', 'a', '2'] },
];

for (const { name, lines, pairs } of accepted) {
  test(`header lines: ${name} (RFC 9112 §5)`, () => {
    const text = `GET / HTTP/1.1\r\n${lines}next`;
    const from = text.indexOf('\n') + 1;
    const spans: number[] = [];
    assert.equal(scanHeaderLines(text, from, spans), text.length - 'next'.length);
    assert.deepEqual(new HeaderBlock(text, spans, text.length - 6).pairs(), pairs);
    for (let cut = from; cut < text.length - 'next'.length; cut++) {
      assert.equal(scanHeaderLines(text.slice(0, cut), from, []), INCOMPLETE, `cut at ${cut}`);
    }
  });
}

const refused: readonly { name: string; lines: string }[] = [
  { name: 'a blank before the colon', lines: 'Host : a\r\n\r\n' },
  { name: 'a tab before the colon', lines: 'Host\t: a\r\n\r\n' },
  { name: 'an empty name', lines: ': a\r\n\r\n' },
  { name: 'a line without a colon', lines: 'Host\r\n\r\n' },
  { name: 'a folded line', lines: 'A: b\r\n c\r\n\r\n' },
  { name: 'a tab-folded line', lines: 'A: b\r\n\tc\r\n\r\n' },
  { name: 'a blank before the first name', lines: ' A: b\r\n\r\n' },
  { name: 'a bare LF behind a value', lines: 'A: b\nC: d\r\n\r\n' },
  { name: 'a bare CR in a value', lines: 'A: b\rC: d\r\n\r\n' },
  { name: 'CR CR LF', lines: 'A: b\r\r\n\r\n' },
  { name: 'a bare LF as closing line', lines: 'A: b\r\n\n' },
  { name: 'a bare CR as closing line', lines: 'A: b\r\n\rx' },
  { name: 'NUL in a value', lines: 'A: b\0c\r\n\r\n' },
  { name: 'DEL in a value', lines: 'A: b\x7f\r\n\r\n' },
  { name: 'a vertical tab in a value', lines: 'A: \x0bchunked\r\n\r\n' },
  { name: 'a character that is no octet in a value', lines: 'A: \u010d\u010a\r\n\r\n' },
  { name: 'a character that is no octet in a name', lines: 'A\u0142: b\r\n\r\n' },
  { name: 'NUL in a name', lines: 'A\0: b\r\n\r\n' },
  { name: 'obs-text in a name', lines: 'A\xe4: b\r\n\r\n' },
  { name: 'a quote in a name', lines: '"A": b\r\n\r\n' },
];

for (const { name, lines } of refused) {
  test(`header lines: ${name} is malformed (RFC 9112 §2.2, §5)`, () => {
    assert.equal(scanHeaderLines(lines, 0, []), MALFORMED);
  });
}

test('canonical names: first letter and letters behind hyphens upper case (spec/http-api.md §3.4)', () => {
  for (const name of ['Host', 'Content-Type', 'X-Err', 'A', 'X-1a', 'Www-Authenticate', '-A', '1a', '']) {
    assert.equal(isCanonicalName(`..${name}..`, 2, 2 + name.length), true, name);
  }
  for (const name of ['host', 'content-type', 'Content-type', 'ETag', 'WWW-Authenticate', 'X--a', '1A']) {
    assert.equal(isCanonicalName(`..${name}..`, 2, 2 + name.length), false, name);
  }
});

test('header lines: bytes and text are scanned alike', () => {
  const piece = fc.constantFrom(
    'A',
    'Host',
    ':',
    ': ',
    ' ',
    '\t',
    '\r\n',
    '\r',
    '\n',
    'value',
    '\0',
    '\x7f',
    '\xff',
    '\r\n\r\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), fc.nat(3), (pieces, base) => {
      const text = 'x'.repeat(base) + pieces.join('');
      const spans: number[] = [];
      const end = scanHeaderLines(text, base, spans);
      const byteSpans: number[] = [];
      assert.equal(scanHeaderBytes(Buffer.from(text, 'latin1'), base, text.length, base, byteSpans), end);
      assert.deepEqual(
        byteSpans.map((position) => position + base),
        spans,
      );
    }),
    { numRuns: NUM_RUNS },
  );
});
