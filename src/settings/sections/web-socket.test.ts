import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

const read = (text: string) => parseConfig(text, 'postern.yaml', '/etc').sections.webSocket;

test('webSocket: time-outs, and how many may connect (websocket-api.md §7.1.4, §7.3)', () => {
  const defaults = {
    idleMillis: 600_000,
    lifeMillis: 7_200_000,
    newConnections: undefined,
    maxConnections: undefined,
    drainMillis: undefined,
    isRegistryRequired: false,
  };
  assert.deepEqual(read(''), defaults);
  assert.deepEqual(read('webSocket: {}'), defaults);
  assert.deepEqual(read('webSocket: { idleSeconds: 30 }'), { ...defaults, idleMillis: 30_000 });
  assert.deepEqual(read('webSocket: { lifeSeconds: 60.5 }'), { ...defaults, lifeMillis: 60_500 });
  assert.deepEqual(read('webSocket: { newConnectionsPerSecond: 500 }'), {
    ...defaults,
    newConnections: { rateLimit: 500, burstLimit: 500 },
  });
  assert.deepEqual(read('webSocket: { maxConnections: 20 }'), { ...defaults, maxConnections: 20 });
  assert.deepEqual(read('webSocket: { drainSeconds: 0 }'), { ...defaults, drainMillis: 0 });
  assert.deepEqual(read('webSocket: { registry: required }'), { ...defaults, isRegistryRequired: true });
});

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['another word', 'webSocket: { idle: 1 }', /no setting "idle" here/],
  ['no time', 'webSocket: { idleSeconds: 0 }', /idleSeconds/],
  ['a text', 'webSocket: { lifeSeconds: "2h" }', /lifeSeconds/],
  ['more than 30 days', 'webSocket: { lifeSeconds: 2592001 }', /lifeSeconds/],
  ['half a connection', 'webSocket: { newConnectionsPerSecond: 0.5 }', /newConnectionsPerSecond/],
  ['nobody', 'webSocket: { newConnectionsPerSecond: 0 }', /newConnectionsPerSecond/],
  ['a stop of more than an hour', 'webSocket: { drainSeconds: 3601 }', /drainSeconds/],
  ['room for none', 'webSocket: { maxConnections: 0 }', /maxConnections/],
  ['a registry of another kind', 'webSocket: { registry: maybe }', /registry is required, not "maybe"/],
];

for (const [what, text, says] of REFUSED) {
  test(`webSocket: ${what} is refused`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}
