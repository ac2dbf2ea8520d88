import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leadsTo } from './address.ts';

const rows: readonly (readonly [url: string, host: string, port: number, leads: boolean])[] = [
  ['http://127.0.0.1:4700', '127.0.0.1', 4700, true],
  ['http://localhost:4700', '127.0.0.1', 4700, true],
  ['http://[::1]:4700', 'localhost', 4700, true],
  ['http://127.0.0.1:4566', '127.0.0.1', 4700, false],
  ['http://localhost:4701', '0.0.0.0', 4701, true],
  ['https://api.example.com', '0.0.0.0', 443, false],
  ['https://api.example.com', 'api.example.com', 443, true],
  ['http://aws.internal', '127.0.0.1', 80, false],
  ['no url', '127.0.0.1', 4700, false],
];

for (const [url, host, port, leads] of rows) {
  test(`${url} leads ${leads ? '' : 'not '}to ${host}:${port}`, () => {
    assert.equal(leadsTo(url, { host, port }), leads);
  });
}
