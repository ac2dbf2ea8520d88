import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Everywhere } from './everywhere.ts';
import type { NodeRow } from './node-table.ts';

function threeNodes(): { readonly everywhere: Everywhere; readonly asked: number[] } {
  const nodes = [1, 2, 3].map((incarnation): NodeRow => {
    const said = {
      name: `node ${incarnation}`,
      address: '',
      program: '',
      level: 1,
      config: '',
      knows: 3,
      connections: {},
    };
    return {
      ...said,
      incarnation,
      number: incarnation - 1,
      state: 'up',
      applied: 0,
      beatAt: '',
      silentMillis: 0,
    };
  });
  const asked: number[] = [];
  const everywhere = new Everywhere({
    own: () => 1,
    nodes: () => nodes,
    isNear: () => true,
    await: (change) => asked.push(change),
    writeWaitMillis: 60_000,
  });
  return { everywhere, asked };
}

describe('who waits until a change is live on all nodes', () => {
  test('says so where one has it not, and nothing where all have it', async () => {
    const { everywhere, asked } = threeNodes();
    for (const incarnation of [1, 2, 3]) everywhere.heard(incarnation, 4);
    await everywhere.settle(4);
    await everywhere.reached(3, 60_000);
    assert.deepEqual(asked, []);
    const settled = everywhere.settle(5);
    const reached = everywhere.reached(6, 60_000);
    assert.deepEqual(asked, [5, 6]);
    for (const incarnation of [1, 2, 3]) everywhere.heard(incarnation, 6);
    await settled;
    assert.deepEqual(
      (await reached).map(({ live }) => live),
      [6, 6, 6],
    );
    assert.deepEqual(asked, [5, 6]);
  });
});
