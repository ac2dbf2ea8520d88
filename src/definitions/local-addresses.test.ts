// Local addresses (spec/definitions.md §1.6).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiIdsIn, withLocalAddresses } from './local-addresses.ts';

const ENDPOINTS: Readonly<Record<string, string>> = {
  a1b2c3d4e5: 'http://a1b2c3d4e5.execute-api.localhost:4700',
  w1w2w3w4w5: 'ws://w1w2w3w4w5.execute-api.localhost:4700',
  s1s2s3s4s5: 'https://s1s2s3s4s5.apis.example',
  p1p2p3p4p5: 'http://127.0.0.1:4700/apis/p1p2p3p4p5/',
};
const A = 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';

const rows: readonly (readonly [given: string, here: string])[] = [
  [`https://${A}/prod`, 'http://a1b2c3d4e5.execute-api.localhost:4700/prod'],
  [`https://${A}`, 'http://a1b2c3d4e5.execute-api.localhost:4700'],
  [
    'wss://w1w2w3w4w5.execute-api.eu-west-1.amazonaws.com/dev',
    'ws://w1w2w3w4w5.execute-api.localhost:4700/dev',
  ],
  [
    'https://w1w2w3w4w5.execute-api.cn-north-1.amazonaws.com.cn/dev/@connections/x',
    'http://w1w2w3w4w5.execute-api.localhost:4700/dev/@connections/x',
  ],
  ['http://s1s2s3s4s5.execute-api.us-east-1.amazonaws.com', 'https://s1s2s3s4s5.apis.example'],
  ['https://p1p2p3p4p5.execute-api.us-east-1.amazonaws.com/v', 'http://127.0.0.1:4700/apis/p1p2p3p4p5/v'],
  [A, 'a1b2c3d4e5.execute-api.localhost:4700'],
  [
    `a=https://${A}/x b=${A}`,
    'a=http://a1b2c3d4e5.execute-api.localhost:4700/x b=a1b2c3d4e5.execute-api.localhost:4700',
  ],
  // Not of this installation, or no such name.
  [
    'https://zzzzzzzzzz.execute-api.us-east-1.amazonaws.com',
    'https://zzzzzzzzzz.execute-api.us-east-1.amazonaws.com',
  ],
  [`https://x${A}`, `https://x${A}`],
  [`https://${A}.evil.example`, `https://${A}.evil.example`],
  [
    'https://a1b2c3d4e5.execute-api.localhost:4700/prod',
    'https://a1b2c3d4e5.execute-api.localhost:4700/prod',
  ],
];

describe('addresses of APIs of this installation', () => {
  for (const [given, here] of rows) {
    test(given, () =>
      assert.equal(
        withLocalAddresses(given, (id) => ENDPOINTS[id]),
        here,
      ),
    );
  }

  test('the ids that a text has', () => {
    assert.deepEqual(
      [...apiIdsIn(`https://${A} wss://w1w2w3w4w5.execute-api.x.amazonaws.com ${A}`)],
      ['a1b2c3d4e5', 'w1w2w3w4w5'],
    );
  });
});
