import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counted } from './counted.ts';

interface Thing {
  readonly name: string;
}

/** Things by name, and the names of those that have ended. */
function things(): { counted: Counted<Thing>; ended: string[]; acquire(name: string): Thing } {
  const ended: string[] = [];
  const counted = new Counted<Thing>(({ name }) => ended.push(name));
  return { counted, ended, acquire: (name) => counted.acquire(name, () => ({ name })) };
}

test('all users of a key have one value, which ends with the last of them', () => {
  const { counted, ended, acquire } = things();
  const [first, again, other] = [acquire('a'), acquire('a'), acquire('b')];
  assert.equal(again, first);
  assert.notEqual(other, first);
  counted.release(first);
  assert.deepEqual([ended, counted.all], [[], [first, other]]);
  counted.release(again);
  assert.deepEqual([ended, counted.all], [['a'], [other]]);
});

test('a value that has ended is opened anew', () => {
  const { counted, acquire } = things();
  const before = acquire('a');
  counted.release(before);
  assert.notEqual(acquire('a'), before);
});

test('where nothing is opened, nobody uses anything', () => {
  const counted = new Counted<Thing>();
  assert.equal(
    counted.acquire('a', () => undefined),
    undefined,
  );
  assert.deepEqual(counted.all, []);
});

test('a superseded value stays with its users; the next have another one', () => {
  const { counted, ended, acquire } = things();
  const [before, kept] = [acquire('a'), acquire('b')];
  counted.supersede((key) => key === 'a');
  const after = acquire('a');
  assert.notEqual(after, before);
  assert.equal(acquire('b'), kept);
  assert.deepEqual(counted.all, [before, kept, after]);
  counted.release(before);
  assert.deepEqual(ended, ['a']);
  assert.equal(acquire('a'), after);
});

test('what is taken out does not end here, and may be released late', () => {
  const { counted, ended, acquire } = things();
  const thing = acquire('a');
  assert.deepEqual(counted.takeAll(), [thing]);
  assert.deepEqual(counted.all, []);
  counted.release(thing);
  assert.deepEqual(ended, []);
});

test('more releases than acquisitions are a defect', () => {
  const { counted, acquire } = things();
  const thing = acquire('a');
  counted.release(thing);
  assert.throws(() => counted.release(thing), /defect/);
});
