// Header names in events of format 1.0, and their order (spec/http-api.md §3.6.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HeaderBlock } from '../../net/header-block.ts';
import type { Call } from '../call.ts';
import { headersV1, readHeaders } from './headers.ts';

type Shown = {
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
};

function shown(names: readonly string[], contentLength?: '0'): Shown {
  const headers = HeaderBlock.fromPairs(names.flatMap((name, i) => [name, `${i}`]));
  const call = {
    exchange: { headers, host: 'h.example', remoteAddress: '203.0.113.7', scheme: 'https', startedAt: 0 },
    traceId: 'Root=1-a-b',
  } as unknown as Call;
  const message = { headers, query: '', path: '/', encodedPath: '/' };
  return JSON.parse(`{${headersV1(readHeaders(call, message, contentLength))}}`);
}

const GATEWAY = 'X-Amzn-Trace-Id X-Forwarded-For X-Forwarded-Port X-Forwarded-Proto';

/** Names as sent, and as shown. */
const ROWS: readonly (readonly [sent: string, shown: string])[] = [
  [
    'host accept user-agent x-tenant content-length',
    `Content-Length Host User-Agent ${GATEWAY} accept x-tenant`,
  ],
  ['X-Tenant Accept-Encoding', `Host ${GATEWAY} X-Tenant accept-encoding`],
  ['content-type COOKIE', `Content-Type Cookie Host ${GATEWAY}`],
  ['zebra Host alpha', `Host ${GATEWAY} alpha zebra`],
  ['ACCEPT Accept-Language AUTHORIZATION', `AUTHORIZATION Host ${GATEWAY} accept accept-language`],
  ['x-a X-A x-b X-B', `Host ${GATEWAY} x-a x-b`],
  ['X-A x-a', `Host X-A ${GATEWAY}`],
  ['a! a a~ a-b A_ ~', `A_ Host ${GATEWAY} a a! a-b a~ ~`],
  ['X-Amzn-Trace-Ie X-Amzn-Trace', `Host X-Amzn-Trace ${GATEWAY.replace(' ', ' X-Amzn-Trace-Ie ')}`],
];

test('headers of format 1.0: names and their order', () => {
  for (const [sent, expected] of ROWS) {
    const { headers, multiValueHeaders } = shown(sent.split(' '));
    for (const map of [headers, multiValueHeaders]) {
      assert.deepEqual(Object.keys(map), expected.split(' '), sent);
    }
  }
});

test('any names, few or many, are in the order of their bytes, each once, with all their values', () => {
  const name = fc.stringMatching(/^[!#$%&'*+\-.^_`|~A-Za-z]{1,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 80 }), fc.array(name), (some, more) => {
      const sent = [...some, ...more].filter((each) => !/^(te|cookie|connection)$/i.test(each));
      const { headers, multiValueHeaders } = shown(sent, '0');
      const names = Object.keys(headers);
      assert.deepEqual(names, [...names].sort());
      assert.deepEqual(Object.keys(multiValueHeaders), names);
      assert.equal(headers['Content-Length'], '0');
      for (const [each, values] of Object.entries(multiValueHeaders)) {
        const places = sent.flatMap((one, i) => (one.toLowerCase() === each.toLowerCase() ? [`${i}`] : []));
        if (places.length > 0) assert.deepEqual(values, places);
        assert.equal(headers[each], values.at(-1));
      }
    }),
  );
});
