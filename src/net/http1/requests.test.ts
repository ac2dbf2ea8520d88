// Requests as bytes, on both codecs, sent at once and byte by byte: what is served, what is refused (RFC 9112).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CODECS,
  parseReplies,
  type Recorder,
  type SeenRequest,
  sendRaw,
  startRecorder,
} from './raw-client.test.support.ts';

interface Case {
  readonly name: string;
  readonly source: string;
  readonly bytes: string;
  /** What is served, in order. Members left out are not compared. */
  readonly served: readonly Partial<SeenRequest>[];
  /** The codec's own answer behind the replies. */
  readonly refused?: number;
  /** node:http decides otherwise and leaves no trace of it. */
  readonly fastOnly?: string;
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

const served: readonly Case[] = [
  {
    name: 'a plain request',
    source: 'RFC 9112 §3',
    bytes: 'GET /pets/42?limit=10 HTTP/1.1\r\nHost: a.example:80\r\nX-A: b\r\nx-a:c\r\n\r\n',
    served: [
      {
        method: 'GET',
        target: '/pets/42?limit=10',
        host: 'a.example:80',
        headers: ['Host', 'a.example:80', 'X-A', 'b', 'x-a', 'c'],
        body: '',
      },
    ],
  },
  ...['GET', 'PUT', 'POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].map((method) => ({
    name: `method ${method}`,
    source: 'RFC 9110 §9',
    bytes: `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
    served: [{ method, body: '' }],
  })),
  {
    name: 'a method nobody has heard of',
    source: 'spec/http-api.md C13',
    bytes: 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n',
    served: [{ method: 'FOO' }],
    fastOnly: 'node:http knows a fixed set of methods',
  },
  {
    name: 'a target with everything that may stand in one',
    source: 'RFC 3986 §3',
    bytes: 'GET //a/%20~!$&\'()*+,;=:@-._?/?&%zz{|}"<>^`[]\\ HTTP/1.1\r\nHost: a\r\n\r\n',
    served: [{ target: '//a/%20~!$&\'()*+,;=:@-._?/?&%zz{|}"<>^`[]\\' }],
  },
  {
    name: 'a body with Content-Length',
    source: 'RFC 9112 §6.2',
    bytes: `${POST}Content-Length: 5\r\n\r\nhello`,
    served: [{ body: 'hello' }],
  },
  {
    name: 'a Content-Length with leading zeros',
    source: 'RFC 9110 §8.6',
    bytes: `${POST}Content-Length: 005\r\n\r\nhello`,
    served: [{ body: 'hello' }],
  },
  {
    name: 'Content-Length: 0',
    source: 'RFC 9110 §8.6',
    bytes: `${POST}Content-Length: 0\r\n\r\n`,
    served: [{ body: '' }],
  },
  {
    name: 'a body of every octet',
    source: 'RFC 9112 §6',
    bytes: `${POST}Content-Length: 256\r\n\r\n${String.fromCharCode(...Array(256).keys())}`,
    served: [{ body: String.fromCharCode(...Array(256).keys()) }],
  },
  {
    name: 'a body on GET',
    source: 'RFC 9110 §9.3.1',
    bytes: 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx',
    served: [{ body: 'x' }],
  },
  {
    name: 'a chunked body',
    source: 'RFC 9112 §7.1',
    bytes: `${CHUNKED}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`,
    served: [{ body: 'hello!' }],
  },
  {
    name: 'a chunked body with extensions and trailers',
    source: 'RFC 9112 §7.1.1, §7.1.2',
    bytes: `${CHUNKED}5;a=b;c="d"\r\nhello\r\n0\r\nX-T: 1\r\n\r\n`,
    served: [{ body: 'hello', headers: ['Host', 'a', 'Transfer-Encoding', 'chunked'] }],
  },
  {
    name: 'Transfer-Encoding in another case',
    source: 'RFC 9112 §7',
    bytes: `${POST}TRANSFER-ENCODING: Chunked\r\n\r\n0\r\n\r\n`,
    served: [{ body: '' }],
  },
  {
    name: 'requests in a pipeline',
    source: 'RFC 9112 §9.3.2',
    bytes: `${GET}${POST}Content-Length: 2\r\n\r\nhi${CHUNKED}1\r\nx\r\n0\r\n\r\n${GET}`,
    served: [{ method: 'GET' }, { body: 'hi' }, { body: 'x' }, { method: 'GET' }],
  },
  {
    name: 'an empty line before a request line',
    source: 'RFC 9112 §2.2',
    bytes: `\r\n${GET}\r\n\r\n${GET}`,
    served: [{}, {}],
  },
  {
    name: 'nothing behind Connection: close',
    source: 'RFC 9112 §9.6',
    bytes: `GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n${GET}`,
    served: [{}],
  },
  {
    name: 'HTTP/1.0 without Host',
    source: 'RFC 9112 §3.2',
    bytes: 'GET /a HTTP/1.0\r\n\r\n',
    served: [{ target: '/a', host: '' }],
  },
  { name: 'HTTP/1.0 closes', source: 'RFC 9112 §9.3', bytes: `GET / HTTP/1.0\r\n\r\n${GET}`, served: [{}] },
  {
    name: 'HTTP/1.0 with keep-alive',
    source: 'RFC 9112 §9.3',
    bytes: `GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n${GET}`,
    served: [{ target: '/a' }, { target: '/' }],
  },
  {
    name: 'absolute form',
    source: 'RFC 9112 §3.2.2',
    bytes: 'GET http://A.example:80/b?c HTTP/1.1\r\nHost: a.example:80\r\n\r\n',
    served: [{ target: '/b?c', host: 'a.example:80' }],
  },
  {
    name: 'absolute form without a path',
    source: 'RFC 9112 §3.2.2',
    bytes: 'GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\nGET https://a HTTP/1.1\r\nHost: a\r\n\r\n',
    served: [{ target: '/?b' }, { target: '/' }],
  },
  {
    name: 'a request to upgrade is a plain request',
    source: 'spec/http-api.md §2.6',
    bytes: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    served: [{ method: 'GET' }],
  },
  {
    name: 'Expect: 100-continue',
    source: 'RFC 9110 §10.1.1',
    bytes: `${POST}Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx`,
    served: [{ body: 'x' }],
  },
  {
    name: 'an expectation in HTTP/1.0 is ignored',
    source: 'RFC 9110 §10.1.1',
    bytes: 'GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n',
    served: [{}],
  },
  {
    name: 'an IPv6 host',
    source: 'RFC 3986 §3.2.2',
    bytes: 'GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n',
    served: [{ host: '[::1]:80' }],
  },
  {
    name: 'an empty Host',
    source: 'RFC 9110 §7.2',
    bytes: 'GET / HTTP/1.1\r\nHost:\r\n\r\n',
    served: [{ host: '' }],
  },
  {
    name: 'headers of 10,240 bytes',
    source: 'spec/http-api.md §3.9',
    bytes: `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(10_240 - 30)}\r\n\r\n`,
    served: [{}],
  },
  {
    name: 'a body of 64 KiB and one more byte',
    source: 'decision 0010',
    bytes: `${POST}Content-Length: 65536\r\n\r\n${'x'.repeat(65_536)}${POST}Content-Length: 65537\r\n\r\n${'y'.repeat(65_537)}${GET}`,
    served: [{ body: 'x'.repeat(65_536) }, { body: 'y'.repeat(65_537) }, {}],
  },
];

const refusedHeads: readonly (readonly [name: string, source: string, bytes: string, fastOnly?: string])[] = [
  ['no method', 'RFC 9112 §3', ' / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method that is no token', 'RFC 9110 §9.1', 'G(T / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method with a control character', 'RFC 9110 §9.1', 'GE\x00T / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a tab behind the method', 'RFC 9112 §3', 'GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  [
    'two blanks behind the method',
    'RFC 9112 §3',
    'GET  / HTTP/1.1\r\nHost: a\r\n\r\n',
    'node:http skips them',
  ],
  [
    'two blanks behind the target',
    'RFC 9112 §3',
    'GET /  HTTP/1.1\r\nHost: a\r\n\r\n',
    'node:http skips them',
  ],
  ['a blank in the target', 'RFC 9112 §3.2', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a fragment', 'RFC 9112 §3.2', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a control character in the target', 'RFC 9112 §3.2', 'GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an octet above ASCII in the target', 'RFC 3986 §2', 'GET /\xe4 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a target without slash', 'RFC 9112 §3.2', 'GET a HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a target that is only a query', 'RFC 9112 §3.2', 'GET ?a HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['asterisk form', 'RFC 9112 §3.2.4', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['CONNECT', 'RFC 9110 §9.3.6', 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n'],
  ['absolute form of another host', 'RFC 9112 §3.2.2', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['absolute form with user information', 'RFC 9110 §4.2.4', 'GET http://b@a/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['absolute form of another scheme', 'RFC 9112 §3.2.2', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['no version', 'RFC 9112 §3', 'GET /\r\nHost: a\r\n\r\n'],
  ['HTTP/0.9', 'RFC 9112 §2.3', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n'],
  ['HTTP/1.2', 'RFC 9112 §2.3', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n'],
  ['HTTP/2.0', 'RFC 9112 §2.3', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n'],
  ['HTTP/1.10', 'RFC 9112 §2.3', 'GET / HTTP/1.10\r\nHost: a\r\n\r\n'],
  ['http/1.1', 'RFC 9112 §2.3', 'GET / http/1.1\r\nHost: a\r\n\r\n'],
  ['another protocol', 'RFC 9112 §2.3', 'GET / RTSP/1.0\r\nHost: a\r\n\r\n', 'node:http does not tell'],
  ['the preface of HTTP/2', 'RFC 9113 §3.4', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS handshake', 'RFC 8446 §5.1', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['a blank behind the version', 'RFC 9112 §3', 'GET / HTTP/1.1 \r\nHost: a\r\n\r\n'],
  ['a bare LF behind the request line', 'RFC 9112 §2.2', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
  ['bare LFs throughout', 'RFC 9112 §2.2', 'GET / HTTP/1.1\nHost: a\n\n'],
  ['a bare CR behind the request line', 'RFC 9112 §2.2', 'GET / HTTP/1.1\rHost: a\r\n\r\n'],
  ['a bare LF before the request line', 'RFC 9112 §2.2', `\n${GET}`, 'node:http skips it'],
  ['a bare CR before the request line', 'RFC 9112 §2.2', `\r${GET}`, 'node:http skips it'],
  ['a blank line with a blank', 'RFC 9112 §2.2', 'GET / HTTP/1.1\r\nHost: a\r\n \r\n'],
  ['a bare LF behind a header', 'RFC 9112 §2.2', 'GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n'],
  ['a bare LF at the end', 'RFC 9112 §2.2', 'GET / HTTP/1.1\r\nHost: a\r\n\n'],
  ['a bare CR in a value', 'RFC 9112 §2.2', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n'],
  ['CR CR LF', 'RFC 9112 §2.2', 'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n'],
  ['a folded header', 'RFC 9112 §5.2', 'GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n'],
  ['a fold behind an empty value', 'RFC 9112 §5.2', 'GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\tc\r\n\r\n'],
  ['a blank before the colon', 'RFC 9112 §5.1', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
  ['a blank before the first header', 'RFC 9112 §2.2', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n'],
  ['a header without colon', 'RFC 9112 §5', 'GET / HTTP/1.1\r\nHost: a\r\nfoo\r\n\r\n'],
  ['a header without name', 'RFC 9112 §5', 'GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n'],
  ['NUL in a value', 'RFC 9110 §5.5', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
  ['a control character in a value', 'RFC 9110 §5.5', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\x1fb\r\n\r\n'],
  ['DEL in a value', 'RFC 9110 §5.5', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\x7fb\r\n\r\n'],
  ['an octet above ASCII in a name', 'RFC 9110 §5.1', 'GET / HTTP/1.1\r\nHost: a\r\nX\xe4: b\r\n\r\n'],
  ['no Host', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nX: a\r\n\r\n'],
  ['two Hosts', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['the same Host twice', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n'],
  ['two Hosts in HTTP/1.0', 'RFC 9112 §3.2', 'GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['a Host with a blank', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ['a Host with a path', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
  ['a Host with user information', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n'],
  ['a Host with an octet above ASCII', 'RFC 9112 §3.2', 'GET / HTTP/1.1\r\nHost: \xe4\r\n\r\n'],
  ['an unknown expectation', 'RFC 9110 §10.1.1', `${POST}Expect: 200-ok\r\n\r\n`],
];

// What stands behind the head must never become a request of its own.
const NEXT = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

const refusedFraming: readonly (readonly [name: string, source: string, bytes: string])[] = [
  [
    'Content-Length and Transfer-Encoding',
    'RFC 9112 §6.3',
    `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'Transfer-Encoding and Content-Length',
    'RFC 9112 §6.3',
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ],
  ['two lengths', 'RFC 9112 §6.3', `${POST}Content-Length: 0\r\nContent-Length: 40\r\n\r\n`],
  ['the same length twice', 'RFC 9112 §6.3', `${POST}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`],
  ['a list of lengths', 'RFC 9110 §8.6', `${POST}Content-Length: 0, 0\r\n\r\n`],
  ['an empty length', 'RFC 9110 §8.6', `${POST}Content-Length:\r\n\r\n`],
  ['a signed length', 'RFC 9110 §8.6', `${POST}Content-Length: +0\r\n\r\n`],
  ['a negative length', 'RFC 9110 §8.6', `${POST}Content-Length: -1\r\n\r\n`],
  ['a hexadecimal length', 'RFC 9110 §8.6', `${POST}Content-Length: 0x0\r\n\r\n`],
  ['a length with a blank', 'RFC 9110 §8.6', `${POST}Content-Length: 0 0\r\n\r\n`],
  ['a fractional length', 'RFC 9110 §8.6', `${POST}Content-Length: 0.0\r\n\r\n`],
  ['a length of 21 digits', 'RFC 9110 §8.6', `${POST}Content-Length: 100000000000000000000\r\n\r\n`],
  ['a blank before the colon of Content-Length', 'RFC 9112 §5.1', `${POST}Content-Length : 0\r\n\r\n`],
  ['another coding', 'RFC 9112 §6.1', `${POST}Transfer-Encoding: gzip\r\n\r\n`],
  ['a coding before chunked', 'RFC 9112 §6.1', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  [
    'a coding behind chunked',
    'RFC 9112 §6.1',
    `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  ],
  ['identity', 'RFC 9112 §6.1', `${POST}Transfer-Encoding: identity\r\n\r\n`],
  ['chunked twice', 'RFC 9112 §6.1', `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
  [
    'chunked in two lines',
    'RFC 9112 §6.1',
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'chunked hidden in a second line',
    'RFC 9112 §6.1',
    `${POST}Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['chunked with a parameter', 'RFC 9112 §7', `${POST}Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n`],
  ['chunked in quotes', 'RFC 9112 §7', `${POST}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`],
  ['an empty coding', 'RFC 9112 §6.1', `${POST}Transfer-Encoding:\r\n\r\n`],
  [
    'chunked behind a vertical tab',
    'RFC 9110 §5.5',
    `${POST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'a blank before the colon of Transfer-Encoding',
    'RFC 9112 §5.1',
    `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['a folded Transfer-Encoding', 'RFC 9112 §5.2', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['chunked in HTTP/1.0', 'RFC 9112 §6.1', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
];

const refusedChunks: readonly (readonly [name: string, bytes: string])[] = [
  ['a size that is no number', 'z\r\n'],
  ['a signed size', '+1\r\nx\r\n0\r\n\r\n'],
  ['a size with a prefix', '0x1\r\nx\r\n0\r\n\r\n'],
  ['a size with a blank', '1 \r\nx\r\n0\r\n\r\n'],
  ['an enormous size', 'fffffffffffffffff\r\n'],
  ['a bare LF behind a size', '1\nx\r\n0\r\n\r\n'],
  ['a bare LF behind an extension', '1;a\nx\r\n0\r\n\r\n'],
  ['a bare CR behind a size', '1\rx\r\n0\r\n\r\n'],
  ['data longer than its size', '1\r\nxx\r\n0\r\n\r\n'],
  ['a bare LF behind data', '1\r\nx\n0\r\n\r\n'],
  ['a bare LF at the end', '0\r\n\n'],
  ['a trailer without colon', '0\r\nfoo\r\n\r\n'],
  ['a folded trailer', '0\r\nX: a\r\n b\r\n\r\n'],
];

const cases: readonly Case[] = [
  ...served,
  ...refusedHeads.map(([name, source, bytes, fastOnly]) => ({
    name,
    source,
    bytes,
    served: [],
    refused: 400,
    ...(fastOnly === undefined ? {} : { fastOnly }),
  })),
  ...refusedFraming.map(([name, source, bytes]) => ({
    name,
    source,
    bytes: bytes + NEXT,
    served: [],
    refused: 400,
  })),
  ...refusedChunks.map(([name, bytes]) => ({
    name: `a chunked body with ${name}`,
    source: 'RFC 9112 §7.1',
    bytes: CHUNKED + bytes + NEXT,
    served: [{ body: undefined }],
    refused: 400,
  })),
  {
    name: 'a request behind which rubbish follows',
    source: 'RFC 9112 §9.3.2',
    bytes: `${GET}\x01`,
    served: [{}],
    refused: 400,
  },
  {
    name: 'a head that is cut off',
    source: 'RFC 9112 §8',
    bytes: 'GET / HTTP/1.1\r\nHo',
    served: [],
    refused: 400,
  },
  {
    name: 'a body that is cut off',
    source: 'RFC 9112 §8',
    bytes: `${POST}Content-Length: 5\r\n\r\nhell`,
    served: [],
    refused: 400,
  },
  {
    name: 'headers of 10,241 bytes',
    source: 'spec/http-api.md §3.9, C28',
    bytes: `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(10_241 - 30)}\r\n\r\n`,
    served: [],
    refused: 431,
  },
  {
    name: 'a target that does not end',
    source: 'spec/http-api.md §3.9, C28',
    bytes: `GET /${'x'.repeat(30_000)}`,
    served: [],
    refused: 431,
  },
  {
    name: 'a Content-Length over 10 MiB',
    source: 'spec/http-api.md §3.9',
    bytes: `${POST}Content-Length: 10485761\r\n\r\n`,
    served: [],
    refused: 413,
  },
];

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  413: 'Request Entity Too Large',
  431: 'Request Header Fields Too Large',
};

for (const codec of CODECS) {
  let recorder: Recorder;
  before(async () => {
    recorder = await startRecorder(codec);
  });
  after(() => recorder.listener.close(0));

  for (const { name, source, bytes, served: expected, refused, fastOnly } of cases) {
    const options = codec === 'reference' && fastOnly !== undefined ? { skip: fastOnly } : {};
    for (const split of ['at once', 'byte by byte']) {
      if (split === 'byte by byte' && bytes.length > 3_000) continue;
      test(`${codec}, ${split}: ${refused ?? 'serves'} ${name} (${source})`, options, async () => {
        recorder.seen.length = 0;
        const text = await sendRaw(recorder.port, split === 'at once' ? [bytes] : [...bytes]);
        const seen = recorder.seen.filter((request) => request.body !== undefined);
        const complete = expected.filter((request) => !('body' in request) || request.body !== undefined);
        assert.equal(seen.length, complete.length, JSON.stringify(recorder.seen));
        complete.forEach((request, i) => {
          assert.deepEqual({ ...seen[i], ...request }, seen[i]);
        });
        const replies = parseReplies(
          text,
          seen.map((request) => request.method),
        );
        const refusal = refused === undefined ? undefined : replies.pop();
        assert.deepEqual(
          replies.map((reply) => reply.status),
          complete.map(() => 200),
        );
        if (refused === undefined) return;
        assert.equal(refusal?.status, refused);
        assert.equal(refusal?.body, JSON.stringify({ message: MESSAGES[refused] }));
        assert.equal(refusal?.headers.get('content-type'), 'application/json');
        assert.equal(refusal?.headers.get('connection'), 'close');
        assert.match(refusal?.headers.get('apigw-requestid') ?? '', /^[\w-]{15}=$/);
        assert.ok(!Number.isNaN(Date.parse(refusal?.headers.get('date') ?? '')));
      });
    }
  }
}
