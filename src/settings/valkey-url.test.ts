// Where a Valkey is, as people write it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseValkeyUrl } from './valkey-url.ts';

/** What is read, in short: kind, TLS, user, hosts, and what they are asked for. */
function told(text: string): string {
  const place = parseValkeyUrl(text);
  if (place === undefined) return 'none';
  const { kind, isTls, username, password, hosts, group, database } = place;
  const user = `${username ?? ''}${password === undefined ? '' : `:${password}`}`;
  const at = hosts.map(({ host, port }) => `${host} ${port}`).join(', ');
  return [
    kind,
    ...(isTls ? ['tls'] : []),
    ...(user === '' ? [] : [user]),
    at,
    group ?? String(database),
  ].join(' | ');
}

const ROWS: readonly (readonly [text: string, expected: string])[] = [
  ['redis://limits', 'alone | limits 6379 | 0'],
  ['redis://limits:7000/2', 'alone | limits 7000 | 2'],
  ['redis://limits/', 'alone | limits 6379 | 0'],
  ['rediss://:p%40ss@limits.internal', 'alone | tls | :p@ss | limits.internal 6379 | 0'],
  ['redis://shop:p:q@10.0.0.7:6380', 'alone | shop:p:q | 10.0.0.7 6380 | 0'],
  ['redis://[::1]:7000', 'alone | ::1 7000 | 0'],
  ['sentinel+redis://a,b:26380,c/limits', 'sentinel | a 26379, b 26380, c 26379 | limits'],
  ['sentinel+rediss://u:p@a/limits', 'sentinel | tls | u:p | a 26379 | limits'],
  ['redis-cluster://a,b:7001', 'cluster | a 6379, b 7001 | 0'],
  ['rediss-cluster://a', 'cluster | tls | a 6379 | 0'],
  ['', 'none'],
  ['limits:6379', 'none'],
  ['http://limits', 'none'],
  ['redis://', 'none'],
  ['redis://a,b', 'none'],
  ['redis://limits/shop', 'none'],
  ['redis://limits?db=2', 'none'],
  ['redis://limits:0', 'none'],
  ['redis://limits:65536', 'none'],
  ['redis://user:%E0%A4%A@limits', 'none'],
  ['sentinel+redis://a,b', 'none'],
  ['sentinel+redis-cluster://a/limits', 'none'],
  ['redis-cluster://a/2', 'none'],
  ['redis://a b', 'none'],
];

for (const [text, expected] of ROWS) test(`${text} is ${expected}`, () => assert.equal(told(text), expected));
