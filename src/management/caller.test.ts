import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InjectedExchange } from '../net/http1/inject.ts';
import { createAuthenticator } from './caller.ts';

const rows: readonly [host: string, headers: readonly string[], accepted: boolean][] = [
  ['127.0.0.1:4700', [], true],
  ['localhost:4700', [], true],
  ['[::1]:4700', [], true],
  ['api.localhost', [], true],
  ['evil.example:4700', [], false],
  ['127.0.0.1.evil.example', [], false],
  ['', [], false],
  ['127.0.0.1:4700', ['X-Forwarded-For', '203.0.113.7'], false],
  ['127.0.0.1:4700', ['X-Forwarded-For', '127.0.0.1'], false],
  ['localhost', ['Forwarded', 'for=203.0.113.7'], false],
  ['localhost', ['Via', '1.1 proxy'], false],
  ['localhost', ['x-real-ip', '203.0.113.7'], false],
];

for (const [host, headers, accepted] of rows) {
  test(`without credentials ${host || 'no host'} ${headers.join(' ')}: ${accepted ? 'accepted' : 'refused'}`, () => {
    const authenticate = createAuthenticator({ credentials: [], account: '000000000000' });
    const exchange = new InjectedExchange(
      { target: '/v2/apis', headers: ['Host', host, ...headers] },
      () => {},
    );
    const call = () => authenticate(exchange, '', 0);
    if (accepted) assert.deepEqual(call(), { account: '000000000000', region: 'us-east-1' });
    else assert.throws(call, { code: 'AccessDeniedException', status: 403 });
  });
}
