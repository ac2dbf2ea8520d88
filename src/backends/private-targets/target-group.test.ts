import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TargetGroup } from './target-group.ts';

const address = (port: number, weight = 1) => ({ host: '10.0.0.1', port, weight });

function chosen(group: TargetGroup, count: number): (number | undefined)[] {
  return Array.from({ length: count }, () => group.next()?.port);
}

describe('target groups (spec/http-api.md §3.5)', () => {
  test('no target, or none with weight', () => {
    const group = new TargetGroup();
    assert.equal(group.next(), undefined);
    group.replace([address(1, 0)]);
    assert.equal(group.next(), undefined);
  });

  test('the heavier target comes more often, but not in a row', () => {
    const group = new TargetGroup();
    group.replace([address(1, 3), address(2, 1)]);
    assert.deepEqual(chosen(group, 4), [1, 1, 2, 1]);
  });

  test('an unhealthy target is passed over, and comes back', () => {
    const group = new TargetGroup();
    group.replace([address(1), address(2)]);
    group.targets[0]!.isHealthy = false;
    assert.deepEqual(chosen(group, 3), [2, 2, 2]);
    group.targets[0]!.isHealthy = true;
    assert.deepEqual(chosen(group, 4).filter((port) => port === 1).length, 2);
  });

  test('targets that stay keep their health; new ones come, old ones go', () => {
    const group = new TargetGroup();
    group.replace([address(1), address(2)]);
    const [first, second] = group.targets;
    first!.isHealthy = false;
    const { generation } = group;
    group.replace([address(1, 5), address(2)]);
    assert.equal(group.generation, generation, 'the same targets');
    assert.equal(group.targets[0], first);
    assert.equal(first!.weight, 5);
    group.replace([address(3), address(1)]);
    assert.equal(group.generation, generation + 1);
    assert.equal(group.targets[1], first);
    assert.ok(!group.targets.includes(second!));
  });

  test('a group calls back once it is resolved, later at once', () => {
    const group = new TargetGroup();
    const heard: string[] = [];
    group.onceResolved(() => heard.push('waited'));
    assert.equal(heard.length, 0);
    group.keep();
    group.onceResolved(() => heard.push('at once'));
    assert.deepEqual(heard, ['waited', 'at once']);
  });

  test('over one round each target gets exactly its weight', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (weights) => {
        const group = new TargetGroup();
        group.replace(weights.map((weight, i) => address(i + 1, weight)));
        const round = chosen(
          group,
          weights.reduce((sum, weight) => sum + weight),
        );
        assert.deepEqual(
          weights.map((_, i) => round.filter((port) => port === i + 1).length),
          weights,
        );
      }),
    );
  });
});
