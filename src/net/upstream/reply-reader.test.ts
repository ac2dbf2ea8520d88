import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReply, slices, splits } from './reply-reader.test.support.ts';

interface Accepted {
  readonly name: string;
  readonly source: string;
  readonly text: string;
  readonly method?: string;
  /** The connection closes behind the text. */
  readonly ends?: true;
  readonly status: number;
  readonly pairs?: readonly string[];
  readonly body?: string;
  /** Whether the connection may be used again; true when absent. */
  readonly persistent?: false;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const LONG = 'x'.repeat(300);

const accepted: readonly Accepted[] = [
  {
    name: 'a body of known length',
    source: 'RFC 9112 §6.2',
    text: `${OK}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello`,
    status: 200,
    pairs: ['Content-Type', 'text/plain', 'Content-Length', '5'],
    body: 'hello',
  },
  { name: 'an empty body', source: 'RFC 9112 §6.2', text: `${OK}content-length: 0\r\n\r\n`, status: 200 },
  {
    name: 'octets above ASCII in value and body',
    source: 'RFC 9110 §5.5',
    text: `${OK}X: \xe4\xff\r\nContent-Length: 2\r\n\r\n\xff\x00`,
    status: 200,
    pairs: ['X', '\xe4\xff', 'Content-Length', '2'],
    body: '\xff\x00',
  },
  {
    name: 'a body that looks like a reply',
    source: 'RFC 9112 §6.2',
    text: `${OK}Content-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`,
    status: 200,
    body: 'HTTP/1.1 200 OK\r\n\r\n',
  },
  {
    name: 'a chunked body',
    source: 'RFC 9112 §7.1',
    text: `${OK}Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n`,
    status: 200,
    body: 'hello!',
  },
  {
    name: 'a chunked body without data',
    source: 'RFC 9112 §7.1',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 200,
  },
  {
    name: 'trailers are dropped',
    source: 'RFC 9112 §7.1.2; spec/http-api.md §3.4',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nETag: 7\r\nA: b\r\n\r\n`,
    status: 200,
    pairs: ['Transfer-Encoding', 'chunked'],
    body: 'x',
  },
  {
    name: 'a body that ends with the connection',
    source: 'RFC 9112 §6.3',
    text: `${OK}\r\nall of it`,
    ends: true,
    status: 200,
    body: 'all of it',
    persistent: false,
  },
  {
    name: 'an empty body that ends with the connection',
    source: 'RFC 9112 §6.3',
    text: `${OK}\r\n`,
    ends: true,
    status: 200,
    persistent: false,
  },
  {
    name: 'HTTP/1.0',
    source: 'RFC 9112 §9.3',
    text: 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx',
    status: 200,
    body: 'x',
    persistent: false,
  },
  {
    name: 'Connection: close',
    source: 'RFC 9112 §9.6',
    text: `${OK}Connection: close\r\nContent-Length: 1\r\n\r\nx`,
    status: 200,
    body: 'x',
    persistent: false,
  },
  {
    name: 'close among other connection options',
    source: 'RFC 9110 §7.6.1',
    text: `${OK}Connection: keep-alive\r\nConnection: foo , CLOSE\r\nContent-Length: 1\r\n\r\nx`,
    status: 200,
    body: 'x',
    persistent: false,
  },
  {
    name: 'Connection: keep-alive',
    source: 'RFC 9112 §9.3',
    text: `${OK}Connection: keep-alive\r\nContent-Length: 1\r\n\r\nx`,
    status: 200,
    body: 'x',
  },
  {
    name: 'the reply to HEAD has no body',
    source: 'RFC 9112 §6.3',
    method: 'HEAD',
    text: `${OK}Content-Length: 5\r\n\r\n`,
    status: 200,
  },
  {
    name: 'the reply to HEAD that would be chunked',
    source: 'RFC 9112 §6.3',
    method: 'HEAD',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    status: 200,
  },
  {
    name: '204',
    source: 'RFC 9112 §6.3',
    text: 'HTTP/1.1 204 No Content\r\nA: b\r\n\r\n',
    status: 204,
    pairs: ['A', 'b'],
  },
  {
    name: '204 with Content-Length: 0',
    source: 'RFC 9110 §8.6',
    text: 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
    status: 204,
  },
  {
    name: '204 that announces a body ends the connection',
    source: 'RFC 9112 §6.3',
    text: 'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n',
    status: 204,
    persistent: false,
  },
  {
    name: '304 with the length of what it stands for',
    source: 'RFC 9110 §8.6',
    text: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n',
    status: 304,
  },
  {
    name: 'interim replies are skipped',
    source: 'RFC 9110 §15.2',
    text: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
    status: 200,
    pairs: ['Content-Length', '1'],
    body: 'x',
  },
  {
    name: 'an interim reply that announces the end of the connection',
    source: 'RFC 9112 §9.6',
    text: `HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
    status: 200,
    body: 'x',
    persistent: false,
  },
  {
    name: 'no reason',
    source: 'RFC 9112 §4',
    text: 'HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n',
    status: 599,
  },
  {
    name: 'no reason and no blank, as many servers write it',
    source: 'RFC 9112 §4 (lenient)',
    text: 'HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n',
    status: 404,
  },
  {
    name: 'obs-text in the reason',
    source: 'RFC 9112 §4',
    text: 'HTTP/1.1 200 G\xfcltig\r\nContent-Length: 0\r\n\r\n',
    status: 200,
  },
  {
    name: 'bytes behind a reply end the connection',
    source: 'RFC 9112 §6.3',
    text: `${OK}Content-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`,
    status: 200,
    body: 'x',
    persistent: false,
  },
  {
    name: 'bytes behind a chunked reply end the connection',
    source: 'RFC 9112 §6.3',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n\r\n`,
    status: 200,
    body: 'x',
    persistent: false,
  },
  {
    name: 'a body behind a 304 ends the connection',
    source: 'RFC 9112 §6.3',
    text: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1\r\n\r\nx',
    status: 304,
    persistent: false,
  },
  {
    name: 'a long header value',
    source: 'RFC 9112 §5',
    text: `${OK}A: ${LONG}\r\nContent-Length: 1\r\n\r\nx`,
    status: 200,
    pairs: ['A', LONG, 'Content-Length', '1'],
    body: 'x',
  },
];

for (const row of accepted) {
  test(`replies: ${row.name} (${row.source})`, () => {
    for (const pieces of splits(row.text)) {
      const seen = readReply(pieces, { method: row.method ?? 'GET', ends: row.ends === true });
      assert.equal(seen.cause, undefined);
      assert.equal(seen.status, row.status);
      if (row.pairs !== undefined) assert.deepEqual(seen.pairs, row.pairs);
      assert.equal(seen.body, row.body ?? '');
      assert.equal(seen.isComplete, true);
      assert.equal(seen.isPersistent, row.persistent ?? true);
    }
  });
}

interface Refused {
  readonly name: string;
  readonly text: string;
  readonly ends?: true;
  readonly cause: string;
}

const framed = (lines: string, body = '') => `${OK}${lines}\r\n\r\n${body}`;

const refused: readonly Refused[] = [
  ...[
    { name: 'no HTTP', text: 'SSH-2.0-OpenSSH_9.2\r\n' },
    { name: 'HTTP/2 preface', text: 'PRI * HTTP/2.0\r\n\r\n' },
    { name: 'HTTP/2.0', text: 'HTTP/2.0 200 OK\r\n\r\n' },
    { name: 'HTTP/1.2', text: 'HTTP/1.2 200 OK\r\n\r\n' },
    { name: 'HTTP/0.9', text: 'HTTP/0.9 200 OK\r\n\r\n' },
    { name: 'lower-case version', text: 'http/1.1 200 OK\r\n\r\n' },
    { name: 'two blanks before the status', text: 'HTTP/1.1  200 OK\r\n\r\n' },
    { name: 'a tab before the status', text: 'HTTP/1.1\t200 OK\r\n\r\n' },
    { name: 'an empty line before the status line', text: `\r\n${OK}\r\n` },
    { name: 'status 0', text: 'HTTP/1.1 000 OK\r\n\r\n' },
    { name: 'status 099', text: 'HTTP/1.1 099 OK\r\n\r\n' },
    { name: 'status 600', text: 'HTTP/1.1 600 OK\r\n\r\n' },
    { name: 'status of two digits', text: 'HTTP/1.1 20 OK\r\n\r\n' },
    { name: 'status of four digits', text: 'HTTP/1.1 2000 OK\r\n\r\n' },
    { name: 'status with a sign', text: 'HTTP/1.1 +20 OK\r\n\r\n' },
    { name: 'a bare LF behind the status line', text: 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n' },
    { name: 'a bare CR in the reason', text: 'HTTP/1.1 200 O\rK\r\n\r\n' },
    { name: 'NUL in the reason', text: 'HTTP/1.1 200 O\0K\r\n\r\n' },
    { name: 'a blank before the colon', text: framed('Content-Length : 1', 'x') },
    { name: 'a folded line', text: framed('A: b\r\n c\r\nContent-Length: 0') },
    { name: 'a bare LF behind a value', text: framed('A: b\nContent-Length: 0') },
    { name: 'a line without a colon', text: framed('nonsense') },
    { name: 'both framings', text: framed('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n') },
    {
      name: 'both, the other way round',
      text: framed('Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n'),
    },
    { name: 'two lengths that differ', text: framed('Content-Length: 1\r\nContent-Length: 2', 'xx') },
    { name: 'two lengths that agree', text: framed('Content-Length: 1\r\ncontent-length: 1', 'x') },
    { name: 'a list of lengths', text: framed('Content-Length: 1, 1', 'x') },
    { name: 'an empty length', text: framed('Content-Length:', 'x') },
    { name: 'a signed length', text: framed('Content-Length: +1', 'x') },
    { name: 'a negative length', text: framed('Content-Length: -1', 'x') },
    { name: 'a hexadecimal length', text: framed('Content-Length: 0x1', 'x') },
    { name: 'a fractional length', text: framed('Content-Length: 1.0', 'x') },
    { name: 'a length beyond 2^53', text: framed('Content-Length: 99999999999999999', 'x') },
    { name: 'a length with a blank inside', text: framed('Content-Length: 1 1', 'x') },
    { name: 'a tab behind a length', text: framed('Content-Length: 1 \t', 'x') },
    { name: 'a tab behind a coding', text: framed('Transfer-Encoding: chunked\t', '0\r\n\r\n') },
    { name: 'an unknown transfer coding', text: framed('Transfer-Encoding: gzip', 'x') },
    { name: 'a chain of codings', text: framed('Transfer-Encoding: gzip, chunked', '0\r\n\r\n') },
    { name: 'identity', text: framed('Transfer-Encoding: identity', 'x') },
    {
      name: 'chunked twice',
      text: framed('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
    },
    { name: 'chunked, chunked', text: framed('Transfer-Encoding: chunked, chunked', '0\r\n\r\n') },
    { name: 'a quoted coding', text: framed('Transfer-Encoding: "chunked"', '0\r\n\r\n') },
    { name: 'an empty coding', text: framed('Transfer-Encoding:', '0\r\n\r\n') },
    { name: 'a coding behind a vertical tab', text: framed('Transfer-Encoding: \x0bchunked', '0\r\n\r\n') },
    { name: 'chunked in HTTP/1.0', text: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' },
    { name: '101', text: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n' },
    {
      name: 'an interim reply with a body',
      text: `HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\nxx${OK}\r\n`,
    },
    {
      name: 'a chunked interim reply',
      text: 'HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    },
    { name: 'a chunk size that is no number', text: framed('Transfer-Encoding: chunked', 'x\r\n') },
    {
      name: 'a bare LF behind a chunk size',
      text: framed('Transfer-Encoding: chunked', '1\nx\r\n0\r\n\r\n'),
    },
    {
      name: 'a chunk longer than its size',
      text: framed('Transfer-Encoding: chunked', '1\r\nxy\r\n0\r\n\r\n'),
    },
    {
      name: 'a framing field among the trailers',
      text: framed('Transfer-Encoding: chunked', '0\r\nContent-Length: 7\r\n\r\n'),
    },
    { name: 'a broken trailer', text: framed('Transfer-Encoding: chunked', '0\r\nbroken\r\n\r\n') },
    { name: 'a head of more than 64 KiB', text: `${OK}A: ${'x'.repeat(66_000)}\r\n\r\n` },
    { name: 'endless header lines', text: OK + 'A: b\r\n'.repeat(12_000) },
  ].map((row) => ({ ...row, cause: 'malformed' })),
  { name: 'nothing', text: '', ends: true, cause: 'reset' },
  { name: 'half a status line', text: 'HTTP/1.1 20', ends: true, cause: 'reset' },
  { name: 'half a head', text: `${OK}Content-Length: 5\r\n`, ends: true, cause: 'reset' },
  { name: 'only an interim reply', text: 'HTTP/1.1 100 Continue\r\n\r\n', ends: true, cause: 'reset' },
  {
    name: 'half a body of known length',
    text: framed('Content-Length: 5', 'hell'),
    ends: true,
    cause: 'reset',
  },
  {
    name: 'half a chunked body',
    text: framed('Transfer-Encoding: chunked', '5\r\nhello\r\n'),
    ends: true,
    cause: 'reset',
  },
  { name: 'a half head that is wrong', text: 'HTTP/1.1 200 OK\rX', ends: true, cause: 'malformed' },
  { name: 'a length above the limit', text: framed('Content-Length: 101', 'x'), cause: 'oversize' },
  {
    name: 'chunks above the limit',
    text: framed(
      'Transfer-Encoding: chunked',
      `33\r\n${'x'.repeat(51)}\r\n32\r\n${'x'.repeat(50)}\r\n0\r\n\r\n`,
    ),
    cause: 'oversize',
  },
  { name: 'a body without end above the limit', text: `${OK}\r\n${'x'.repeat(101)}`, cause: 'oversize' },
];

for (const { name, text, ends, cause } of refused) {
  test(`replies: ${name} fails with ${cause} (RFC 9112 §4 to §7; spec/http-api.md §3.8)`, () => {
    for (const pieces of text.length > 10_000 ? [[text], slices(text, 1_000)] : splits(text)) {
      const seen = readReply(pieces, { method: 'GET', ends: ends === true, maxBytes: 100 });
      assert.equal(seen.cause, cause);
      assert.equal(seen.isPersistent, false);
    }
  });
}
