import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReply, slices, splits } from './reply-reader.test.support.ts';

const framed = (lines: string, body = '') => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n${body}`;

test('replies: up to 100 bytes pass a limit of 100, whatever frames them', () => {
  const body = 'x'.repeat(100);
  for (const text of [
    framed('Content-Length: 100', body),
    framed('Transfer-Encoding: chunked', `64\r\n${body}\r\n0\r\n\r\n`),
    framed('A: b', body),
  ]) {
    for (const pieces of splits(text)) {
      assert.equal(readReply(pieces, { method: 'GET', ends: true, maxBytes: 100 }).body, body);
    }
  }
});

test('replies: a small reply in one read is handed over whole, as text', () => {
  for (const text of [
    framed('Content-Length: 5', 'hello'),
    framed('Transfer-Encoding: chunked', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'),
  ]) {
    assert.equal(readReply([text], { method: 'GET' }).whole, 'hello');
  }
  const large = 'x'.repeat(16_384);
  assert.equal(readReply([framed('Content-Length: 16384', large)], { method: 'GET' }).whole, large);
});

test('replies: a large body in few reads arrives unchanged', () => {
  const body = Buffer.alloc(60_000, 'abcdefg').toString('latin1');
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  for (const text of [
    framed('Content-Length: 60000', body),
    framed('Transfer-Encoding: chunked', `${slices(body, 7_001).map(chunk).join('')}0\r\n\r\n`),
    framed(`A: ${'x'.repeat(30_000)}\r\nContent-Length: 25000`, body.slice(0, 25_000)),
  ]) {
    const expected = text.includes('25000') ? body.slice(0, 25_000) : body;
    for (const pieces of [[text], slices(text, 65_000), slices(text, 21_000), slices(text, 4_000)]) {
      const seen = readReply(pieces, { method: 'GET' });
      assert.equal(seen.body, expected);
      assert.equal(seen.isPersistent, true);
    }
  }
});

test('replies: names are canonical only when all are (spec/http-api.md §3.4)', () => {
  assert.equal(readReply([framed('Content-Length: 0\r\nX-Err: a')], { method: 'GET' }).canonical, true);
  assert.equal(readReply([framed('Content-Length: 0\r\nx-err: a')], { method: 'GET' }).canonical, false);
});

test('replies: the time a backend keeps idle connections is read (RFC 2068 §19.7.1.1)', () => {
  const seconds = (lines: string) =>
    readReply([framed(`Content-Length: 0\r\n${lines}`)], { method: 'GET' }).keepAliveSeconds;
  assert.equal(seconds('Keep-Alive: timeout=5'), 5);
  assert.equal(seconds('Keep-Alive: max=100, timeout=72'), 72);
  assert.equal(seconds('Keep-Alive: max=100'), -1);
  assert.equal(seconds('A: b'), -1);
});
