// The form of connection ids, and what they say of their owner (spec/websocket-api.md §1.11.1; decision 0012).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isConnectionId, newConnectionId, processOf } from './connection-id.ts';

test('an id names the process that holds the socket, whichever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (processNumber) => {
      const id = newConnectionId(processNumber);
      assert.match(id, /^[A-Za-z0-9_-]{15}=$/);
      assert.ok(isConnectionId(id));
      assert.equal(processOf(id), processNumber);
      // As it stands in a URL.
      assert.equal(processOf(decodeURIComponent(encodeURIComponent(id))), processNumber);
    }),
  );
});

test('what is no id', () => {
  const id = newConnectionId(1);
  for (const text of [
    '',
    '=',
    id.slice(0, -1),
    `${id}=`,
    `A${id}`,
    ` ${id}`,
    `${id}\n`,
    `${id.slice(0, 14)}+=`,
  ]) {
    assert.equal(isConnectionId(text), false, JSON.stringify(text));
  }
});
