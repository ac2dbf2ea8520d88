import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import type { Bytes } from '../bytes.ts';
import { CHUNK_DATA, CHUNK_END, CHUNK_MALFORMED, CHUNK_MORE, ChunkDecoder } from './chunked.ts';

/** Decodes inputs in turn. `rest` is what is left of the input in which the body ended. */
function decode(inputs: readonly Bytes[]): { body: string; last: number; rest: string } {
  const decoder = new ChunkDecoder();
  let body = '';
  let last = CHUNK_MORE;
  for (const input of inputs) {
    for (let at = 0; ; at = decoder.end) {
      last = decoder.step(input, at);
      if (last !== CHUNK_DATA) break;
      body += input.toString('latin1').slice(decoder.start, decoder.end);
    }
    if (last !== CHUNK_MORE) return { body, last, rest: input.toString('latin1').slice(decoder.end) };
  }
  return { body, last, rest: '' };
}

const octetsOf = (text: string): string[] => [...text];

const accepted: readonly { name: string; text: string; body: string }[] = [
  { name: 'an empty body', text: '0\r\n\r\n', body: '' },
  { name: 'one chunk', text: '5\r\nhello\r\n0\r\n\r\n', body: 'hello' },
  { name: 'two chunks', text: '5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n', body: 'hello!' },
  {
    name: 'hex digits of both cases, leading zeros',
    text: '00a\r\n0123456789\r\n0A\r\nabcdefghij\r\n000\r\n\r\n',
    body: '0123456789abcdefghij',
  },
  { name: 'CRLF inside data', text: '4\r\n\r\n\r\n\r\n0\r\n\r\n', body: '\r\n\r\n' },
  { name: 'octets above ASCII', text: '2\r\n\xff\x80\r\n0\r\n\r\n', body: '\xff\x80' },
  { name: 'extensions', text: '1;a;b=c;d="e;\\""\r\nx\r\n0;z\r\n\r\n', body: 'x' },
  { name: 'trailers', text: '1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n', body: 'x' },
];

for (const { name, text, body } of accepted) {
  test(`chunked: ${name} (RFC 9112 §7.1)`, () => {
    for (const inputs of [[`${text}rest`], [Buffer.from(`${text}rest`, 'latin1')]]) {
      assert.deepEqual(decode(inputs), { body, last: CHUNK_END, rest: 'rest' });
    }
    assert.deepEqual(decode(octetsOf(text)), { body, last: CHUNK_END, rest: '' });
    for (let cut = 0; cut < text.length; cut++) {
      assert.equal(decode([text.slice(0, cut)]).last, CHUNK_MORE, `cut at ${cut}`);
      assert.deepEqual(decode([text.slice(0, cut), text.slice(cut)]), { body, last: CHUNK_END, rest: '' });
    }
  });
}

const refused: readonly { name: string; text: string }[] = [
  { name: 'no size', text: '\r\nhello' },
  { name: 'a size that is no number', text: 'g\r\n' },
  { name: 'a sign', text: '+5\r\nhello\r\n0\r\n\r\n' },
  { name: 'a hex prefix', text: '0x5\r\nhello\r\n0\r\n\r\n' },
  { name: 'an underscore', text: '1_0\r\n' },
  { name: 'a blank before the size', text: ' 5\r\nhello\r\n0\r\n\r\n' },
  { name: 'a blank behind the size', text: '5 \r\nhello\r\n0\r\n\r\n' },
  { name: 'a blank before an extension', text: '5 ;a\r\nhello\r\n0\r\n\r\n' },
  { name: 'an empty extension', text: '5;\r\nhello\r\n0\r\n\r\n' },
  { name: 'an extension without value behind =', text: '5;a=\r\nhello\r\n0\r\n\r\n' },
  { name: 'a bare LF in an extension', text: '5;a\nhello\r\n0\r\n\r\n' },
  { name: 'a bare LF in a quoted extension', text: '5;a="\n"\r\nhello\r\n0\r\n\r\n' },
  { name: 'a size over 2^53', text: '20000000000001\r\n' },
  { name: 'too many digits', text: '00000000000000005\r\nhello\r\n0\r\n\r\n' },
  { name: 'a bare LF behind the size', text: '5\nhello\r\n0\r\n\r\n' },
  { name: 'a bare CR behind the size', text: '5\rhello\r\n0\r\n\r\n' },
  { name: 'data longer than its size', text: '5\r\nhello!\r\n0\r\n\r\n' },
  { name: 'a bare LF behind data', text: '5\r\nhello\n0\r\n\r\n' },
  { name: 'a bare CR behind data', text: '5\r\nhello\r0\r\n\r\n' },
  { name: 'a bare LF at the end', text: '0\r\n\n' },
  { name: 'a trailer that is no header line', text: '0\r\nA\r\n\r\n' },
  { name: 'a blank before a trailer', text: '0\r\n A: b\r\n\r\n' },
  { name: 'a folded trailer', text: '0\r\nA: b\r\n c\r\n\r\n' },
  { name: 'a length in a trailer', text: '0\r\nContent-Length: 5\r\n\r\n' },
  { name: 'a coding in a trailer', text: '0\r\nA: b\r\ntransfer-encoding: chunked\r\n\r\n' },
  { name: 'NUL in a trailer', text: '0\r\nA: \0\r\n\r\n' },
  { name: 'endless extensions', text: `5;${'a'.repeat(11_000)}\r\n` },
  { name: 'endless trailers', text: `0\r\n${'A: b\r\n'.repeat(2_000)}\r\n` },
];

for (const { name, text } of refused) {
  test(`chunked: ${name} is malformed (RFC 9112 §7.1)`, () => {
    assert.equal(decode([text]).last, CHUNK_MALFORMED);
    assert.equal(decode(octetsOf(text)).last, CHUNK_MALFORMED);
  });
}

test('chunked: whatever is encoded and however it is cut, the same bytes come out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
      fc.array(fc.nat(30)),
      (chunks, cuts) => {
        let text = '';
        let body = '';
        for (const chunk of chunks) {
          const data = Buffer.from(chunk).toString('latin1');
          text += `${data.length.toString(16)}\r\n${data}\r\n`;
          body += data;
        }
        text += '0\r\n\r\nrest';
        const inputs: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          inputs.push(Buffer.from(text.slice(at, at + cut), 'latin1'));
          at = Math.min(text.length, at + cut);
        }
        inputs.push(Buffer.from(text.slice(at), 'latin1'));
        const decoded = decode(inputs);
        assert.equal(decoded.body, body);
        assert.equal(decoded.last, CHUNK_END);
      },
    ),
    { numRuns: NUM_RUNS },
  );
});
