// Who adds a kind of frame to a protocol gives it a number that no other has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as functions from './functions/protocol.ts';
import * as nodes from './nodes/protocol.ts';
import * as workers from './workers/protocol.ts';

for (const [name, protocol] of Object.entries({ functions, nodes, workers })) {
  test(`the kinds of the protocol of ${name} differ`, () => {
    // Of what else is exported in capitals none is as small as a kind's number has to be.
    const kinds = Object.entries<unknown>({ ...protocol }).filter(
      ([key, value]) => /^[A-Z_]+$/.test(key) && typeof value === 'number' && value >= 16 && value < 256,
    );
    assert.ok(kinds.length > 1);
    assert.equal(new Set(kinds.map(([, kind]) => kind)).size, kinds.length, JSON.stringify(kinds));
  });
}
