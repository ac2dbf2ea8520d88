import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InjectedExchange } from '../net/inject.ts';
import { createAuthenticator } from './caller.ts';

const rows: readonly [host: string, origin: string | undefined, accepted: boolean][] = [
  ['127.0.0.1:4700', undefined, true],
  ['localhost:4700', undefined, true],
  ['[::1]:4700', undefined, true],
  ['api.localhost', undefined, true],
  ['127.0.0.1:4700', 'http://127.0.0.1:4700', true],
  ['127.0.0.1:4700', 'http://evil.example', false],
  ['127.0.0.1:4700', 'null', false],
  ['evil.example:4700', undefined, false],
  ['evil.example:4700', 'http://evil.example:4700', false],
  ['127.0.0.1.evil.example', undefined, false],
  ['', undefined, false],
];

for (const [host, origin, accepted] of rows) {
  test(`without credentials ${host || 'no host'}, Origin ${origin ?? 'absent'}: ${accepted ? 'accepted' : 'refused'}`, () => {
    const authenticate = createAuthenticator({ credentials: [], account: '000000000000' });
    const headers = ['Host', host, ...(origin === undefined ? [] : ['Origin', origin])];
    const exchange = new InjectedExchange({ target: '/v2/apis', headers }, () => {});
    const call = () => authenticate(exchange, '', 0);
    if (accepted) assert.deepEqual(call(), { account: '000000000000', region: 'us-east-1' });
    else assert.throws(call, { code: 'AccessDeniedException', status: 403 });
  });
}
