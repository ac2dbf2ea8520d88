// What is said of addresses that cannot be had.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explained, StartError } from './listening.ts';

const CASES: readonly (readonly [code: string, host: string, port: number, flag: string, said: string])[] = [
  ['EADDRINUSE', '127.0.0.1', 4700, 'listen', 'for example --listen 127.0.0.1:4710.'],
  ['EADDRINUSE', '127.0.0.1', 65_530, 'listen', 'for example --listen 127.0.0.1:4710.'],
  ['EACCES', '0.0.0.0', 443, 'gateway', 'for example --gateway 0.0.0.0:8443.'],
  ['EADDRNOTAVAIL', '1.2.3.4', 99, 'gateway', 'for example --gateway 127.0.0.1:99.'],
  ['ENOTFOUND', 'nowhere.test', 4700, 'metrics', 'for example --metrics 127.0.0.1:4700.'],
  ['EADDRINUSE', '127.0.0.1', 4800, 'port', 'for example --port 4810.'],
];

for (const [code, host, port, flag, said] of CASES) {
  test(`${code} of ${host}:${port}: ${said}`, async () => {
    const listen = () => Promise.reject(Object.assign(new Error('no'), { code }));
    await assert.rejects(explained({ host, port }, flag, listen), (error) => {
      assert.ok(error instanceof StartError);
      assert.ok(error.message.endsWith(said), error.message);
      return true;
    });
  });
}
