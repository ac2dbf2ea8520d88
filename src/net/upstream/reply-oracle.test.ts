// Node's own http client as the oracle: what we accept it accepts with the same meaning (decision 0010).
import assert from 'node:assert/strict';
import http from 'node:http';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { readReply } from './reply-reader.test.support.ts';

interface OracleReply {
  readonly status: number;
  readonly pairs: readonly string[];
  readonly body: string;
}

/** A connection that has all of a reply to give, then ends. */
class Recording extends Duplex {
  constructor(text: string) {
    super();
    this.push(Buffer.from(text, 'latin1'));
    this.push(null);
  }
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

/** What Node makes of a reply; undefined when it refuses it. */
function oracle(text: string, method: string): Promise<OracleReply | undefined> {
  return new Promise((resolve) => {
    const request = http.request({
      method,
      host: 'x',
      maxHeaderSize: 65_536,
      createConnection: () => new Recording(text),
    });
    request.on('error', () => resolve(undefined));
    request.on('upgrade', () => resolve(undefined));
    request.on('response', (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('error', () => resolve(undefined));
      reply.on('end', () =>
        resolve({
          status: reply.statusCode!,
          pairs: reply.rawHeaders,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
    request.end();
  });
}

function pieces(text: string, cuts: readonly number[]): string[] {
  const found: string[] = [];
  let at = 0;
  for (const cut of cuts) {
    if (at + cut >= text.length) break;
    if (cut > 0) found.push(text.slice(at, at + cut));
    at += cut;
  }
  found.push(text.slice(at));
  return found;
}

const octetText = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((octets) => Buffer.from(octets).toString('latin1'));

const name = fc.constantFrom('A', 'x-b', 'Content-Type', 'ETag', 'Set-Cookie', 'X-Content-Length', 'Via');
const value = fc.constantFrom('', 'a', 'a b', '"q, r"', '\xe4\x80', 'chunked', '0', 'close', 'x'.repeat(200));
const blanks = fc.constantFrom('', ' ', '\t', '  \t');
const line = fc
  .tuple(name, blanks, value, blanks)
  .map(([key, before, text, after]) => `${key}:${before}${text}${after}\r\n`);

const framing = fc.oneof(
  octetText(80).map((body) => ({ line: `Content-Length: ${body.length}\r\n`, text: body, body })),
  octetText(80).map((body) => ({ line: `content-length:000${body.length}  \r\n`, text: body, body })),
  fc
    .tuple(
      fc.array(octetText(30).filter((chunk) => chunk !== '')),
      fc.constantFrom('', ';a', ';a="b c"'),
      fc.array(line),
    )
    .map(([chunks, extension, trailers]) => ({
      line: 'Transfer-Encoding: chunked\r\n',
      text: `${chunks.map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`).join('')}0\r\n${trailers.join('')}\r\n`,
      body: chunks.join(''),
    })),
  octetText(80).map((body) => ({ line: '', text: body, body })),
);

const reply = fc
  .record({
    interim: fc.constantFrom(
      '',
      '',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n',
    ),
    version: fc.constantFrom('1.1', '1.1', '1.0'),
    status: fc.oneof(fc.constantFrom(200, 204, 304, 404), fc.integer({ min: 200, max: 599 })),
    reason: fc.constantFrom('OK', '', 'Not \xe4 Found'),
    before: fc.array(line, { maxLength: 4 }),
    framing,
    after: fc.array(line, { maxLength: 4 }),
    method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
  })
  .filter(({ version, framing: { line } }) => version === '1.1' || !line.startsWith('Transfer'))
  .map(({ interim, version, status, reason, before, framing, after, method }) => {
    const isBodiless = method === 'HEAD' || status === 204 || status === 304;
    const head = `${interim}HTTP/${version} ${status} ${reason}\r\n${before.join('')}${framing.line}${after.join('')}\r\n`;
    return {
      method,
      text: head + (isBodiless ? '' : framing.text),
      status,
      body: isBodiless ? '' : framing.body,
    };
  });

const cuts = fc.array(fc.nat(40), { maxLength: 60 });

test('replies: random replies in random pieces mean to us what they mean to node:http', async () => {
  await fc.assert(
    fc.asyncProperty(reply, cuts, async ({ method, text, status, body }, cuts) => {
      const seen = readReply(pieces(text, cuts), { method, ends: true });
      assert.equal(seen.cause, undefined);
      assert.equal(seen.isComplete, true);
      const expected = await oracle(text, method);
      assert.deepEqual({ status: seen.status, pairs: seen.pairs, body: seen.body }, expected);
      assert.equal(seen.status, status);
      assert.equal(seen.body, body);
    }),
    { numRuns: NUM_RUNS },
  );
});

/** A tab in a quoted chunk extension: RFC 9110 §5.6.4 allows it, newer Nodes do not. */
function isKnownRefusal(text: string): boolean {
  return /;[^\r\n]*\t/.test(text);
}

// What attackers of gateways try, and plain noise.
// biome-ignore format: one line is one kind
const FRAGMENTS = [
  '\r\n', '\n', '\r', ' ', '\t', '\0', '\x0b', '\x7f', ':', ',', ';', '0', '1', '-', '+', '0x', 'ff', '"', 'chunked',
  'Content-Length: 3\r\n', 'Content-Length: 4\r\n', 'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: gzip\r\n',
  'Connection: close\r\n', ' folded\r\n', '0\r\n\r\n', '3\r\nabc\r\n', 'HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 100 \r\n\r\n',
  'Upgrade: h2c\r\n', 'Trailer: A\r\n', '\r\n\r\n',
];

const change = fc.record({
  at: fc.integer({ min: 0, max: 999 }),
  cut: fc.constantFrom(0, 0, 1, 2, 7),
  put: fc.constantFrom('', ...FRAGMENTS),
});

test('replies: whatever damaged reply we accept, node:http accepts with the same meaning', async () => {
  let accepted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      reply,
      fc.array(change, { minLength: 1, maxLength: 3 }),
      cuts,
      async ({ method, text }, changes, cuts) => {
        for (const { at, cut, put } of changes) {
          const from = Math.floor((at / 1_000) * text.length);
          text = text.slice(0, from) + put + text.slice(from + cut);
        }
        const whole = readReply([text], { method, ends: true });
        const seen = readReply(pieces(text, cuts), { method, ends: true });
        assert.equal(seen.isComplete, whole.isComplete, 'pieces do not matter');
        assert.equal(seen.isPersistent, whole.isPersistent, 'pieces do not matter');
        if (!seen.isComplete) {
          refused++;
          return;
        }
        accepted++;
        const expected = await oracle(text, method);
        // Node drops a reply with bytes behind it; we hand it over and end the connection.
        if (expected === undefined && (!seen.isPersistent || isKnownRefusal(text))) return;
        assert.deepEqual({ status: seen.status, pairs: seen.pairs, body: seen.body }, expected);
      },
    ),
    { numRuns: NUM_RUNS },
  );
  assert.ok(accepted > NUM_RUNS / 10 && refused > NUM_RUNS / 10, `${accepted} accepted, ${refused} refused`);
});
