// Each invariant holds on a ledger of a cluster that behaves, and fails on every ledger that breaks it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Entry, Fault, Happening, Kind } from '../ledger.ts';
import { INVARIANTS, printViolations, violationsOf } from './invariants.ts';

type Given<K extends Kind> = Omit<Extract<Happening, { readonly kind: K }>, 'kind'>;

/** An entry, `at` milliseconds after the beginning. */
function at<K extends Kind>(millis: number, kind: K, given: Given<K>): Entry {
  return { kind, at: millis, ...given } as unknown as Entry;
}
const write = (millis: number, value: number, given: Partial<Given<'write'>> = {}): Entry =>
  at(millis, 'write', {
    ...{ writer: 'w', value, node: 'a', outcome: 'acknowledged' as const, since: millis - 20 },
    ...given,
  });
const reply = (millis: number, values: readonly number[], given: Partial<Given<'reply'>> = {}): Entry =>
  at(millis, 'reply', { node: 'a', writer: 'w', since: millis - 10, status: 200, values, ...given });
const stored = (value: number, created: readonly string[] = [], node = 'a'): Entry =>
  at(90_000, 'stored', { node, values: { w: value }, created });
const served = (value: number, node: string): Entry => at(90_000, 'served', { node, writer: 'w', value });
const creation = (name: string, outcome: 'acknowledged' | 'refused' | 'unknown'): Entry =>
  at(500, 'creation', { name, node: 'a', outcome, since: 480 });
const connect = (millis: number, id: string, isAccepted = true): Entry =>
  at(millis, 'connect-told', { id, isAccepted });
const told = (millis: number, id: string, requestId = `of ${id}`): Entry =>
  at(millis, 'disconnect-told', { id, requestId });
const opened = (millis: number, id: string): Entry => at(millis, 'socket-opened', { id, node: 'a' });
const used = (millis: number, id: string): Entry => at(millis, 'socket-used', { id, since: millis - 10 });
const ended = (millis: number, id: string): Entry => at(millis, 'socket-ended', { id, code: 1006 });
const post = (millis: number, id: string, status: number): Entry =>
  at(millis, 'post', { id, node: 'a', message: 'm1', since: millis - 10, status });
const received = (millis: number, id: string): Entry => at(millis, 'received', { id, message: 'm1' });
const fault = (millis: number, given: Partial<Fault> = {}): Entry =>
  at(millis, 'fault', {
    fault: 1,
    what: 'something',
    on: [],
    isDeath: false,
    bursts: 0,
    shares: 0,
    ...given,
  });
const over = (millis: number, number = 1): Entry => at(millis, 'fault-over', { fault: number });
const bucket = (floor = 0): Entry => at(0, 'bucket', { bucket: 'b', rate: 10, burst: 5, floor, parts: 2 });
const apart = (millis: number, isApart: boolean): Entry => at(millis, 'apart', { node: 'a', isApart });
/** Calls of a bucket, evenly from a time on. */
const calls = (from: number, count: number, everyMillis: number, isAdmitted: boolean): readonly Entry[] =>
  Array.from({ length: count }, (_, i) =>
    at(from + i * everyMillis + 1, 'throttled', {
      ...{ bucket: 'b', node: 'a', since: from + i * everyMillis, isAdmitted },
    }),
  );
const quota = at(0, 'quota', { key: 'k', limit: 150 });
const uses = (count: number, outcome: 'admitted' | 'exceeded'): readonly Entry[] =>
  Array.from({ length: count }, (_, i) =>
    at((outcome === 'admitted' ? 10 : 500) + i, 'quota-use', { key: 'k', outcome }),
  );

type Case = readonly [what: string, invariant: string | undefined, entries: readonly Entry[]];

/** With the invariant that is broken; undefined: none is. */
const CASES: readonly Case[] = [
  [
    'the last acknowledged value is there',
    undefined,
    [write(100, 1), write(200, 2), stored(2), served(2, 'a')],
  ],
  ['an acknowledged value is lost', 'I1', [write(100, 1), write(200, 2), stored(1)]],
  ['a node serves an older value', 'I1', [write(100, 1), write(200, 2), served(1, 'b')]],
  [
    'what got no answer may be there',
    undefined,
    [write(100, 1), write(200, 2, { outcome: 'unknown' }), stored(2)],
  ],
  [
    'what got no answer may not be there',
    undefined,
    [write(100, 1), write(200, 2, { outcome: 'unknown' }), stored(1)],
  ],
  ['what was refused is there', 'I1', [write(100, 1), write(200, 2, { outcome: 'refused' }), stored(2)]],
  ['what nobody wrote is there', 'I1', [write(100, 1), stored(7)]],
  [
    'two nodes serve different values',
    'I1',
    [write(200, 2, { outcome: 'unknown' }), served(2, 'a'), served(0, 'b')],
  ],
  [
    'what was made is there',
    undefined,
    [creation('x', 'acknowledged'), creation('y', 'unknown'), stored(0, ['x'])],
  ],
  ['what was made is not there', 'I1', [creation('x', 'acknowledged'), stored(0, [])]],
  ['what was refused was made', 'I1', [creation('x', 'refused'), stored(0, ['x'])]],
  ['all digests are the same', undefined, ['a', 'b'].map((node) => at(9, 'digest', { node, digest: '1' }))],
  ['a digest is another', 'I1', ['a', 'b'].map((node) => at(9, 'digest', { node, digest: node }))],
  ['numbers have no gap', undefined, [at(9, 'changes', { lowest: 3, highest: 9, count: 7 })]],
  ['numbers have a gap', 'I1', [at(9, 'changes', { lowest: 3, highest: 9, count: 6 })]],
  [
    'a later write has no higher number',
    'I1',
    [write(1, 1, { change: 5 }), write(2, 2, { change: 5 }), stored(2)],
  ],

  ['a reply shows one change', undefined, [write(100, 1), reply(200, [1, 1, 1])]],
  ['a reply shows parts of two', 'I2', [write(100, 1), write(200, 2), reply(300, [2, 1, 2])]],
  ['a reply shows nothing of a deployment', 'I2', [reply(300, [])]],
  [
    'a reply shows a change that is under way',
    undefined,
    [reply(200, [1, 1]), write(300, 1, { since: 100 })],
  ],
  ['a reply shows a change before it was written', 'I2', [reply(200, [1, 1]), write(300, 1, { since: 250 })]],
  ['a reply shows an old change in calm', 'I2', [write(100, 1), write(200, 2), reply(5000, [1, 1])]],
  [
    'a reply shows an old change while something is wrong',
    undefined,
    [write(100, 1), write(200, 2), fault(300), reply(5000, [1, 1])],
  ],
  [
    'a reply shows a change that was superseded a moment ago',
    undefined,
    [write(100, 1), write(4000, 2), reply(5000, [1, 1])],
  ],

  ['an end is told', undefined, [connect(100, 'x'), opened(110, 'x'), ended(500, 'x'), told(600, 'x')]],
  ['an end is not told', 'I3', [connect(100, 'x'), opened(110, 'x'), ended(500, 'x')]],
  ['a connection that no client got has no end', 'I3', [connect(100, 'x')]],
  ['a connection that is open has no end', undefined, [connect(100, 'x'), opened(110, 'x')]],
  ['a connection that was refused has no end', undefined, [connect(100, 'x', false)]],

  [
    'an end is told again by a survivor',
    undefined,
    [told(500, 'x'), fault(600, { isDeath: true }), told(3000, 'x')],
  ],
  ['an end is told again, though nobody died', 'I4', [told(500, 'x'), told(3000, 'x')]],
  [
    'an end is told again, and somebody died long after',
    'I4',
    [told(500, 'x'), fault(9000), told(9500, 'x')],
  ],
  ['an end is told again as another request', 'I4', [told(500, 'x'), fault(600), told(3000, 'x', 'other')]],

  ['an end is told soon before the client notices', undefined, [told(500, 'x'), used(1500, 'x')]],
  ['an end is told of a connection that goes on', 'I5', [told(500, 'x'), used(2600, 'x')]],

  [
    '410 for what has ended',
    undefined,
    [used(100, 'x'), ended(200, 'x'), told(210, 'x'), post(300, 'x', 410)],
  ],
  ['410 for what is open', 'I6', [used(100, 'x'), post(300, 'x', 410), used(500, 'x')]],
  ['a post arrives', undefined, [post(300, 'x', 200), received(301, 'x'), used(2000, 'x')]],
  [
    'a post arrives before it is answered',
    undefined,
    [received(299, 'x'), post(300, 'x', 200), used(2000, 'x')],
  ],
  ['a post does not arrive', 'I6', [post(300, 'x', 200), used(2000, 'x')]],
  [
    'a post does not arrive, the connection ends',
    undefined,
    [post(300, 'x', 200), ended(900, 'x'), used(2000, 'y')],
  ],
  [
    'a post does not arrive, the connection ends later',
    'I6',
    [post(300, 'x', 200), ended(1900, 'x'), used(2000, 'y')],
  ],
  [
    'a post to a stopped worker ends with it',
    undefined,
    [fault(200, { on: ['a'] }), post(300, 'x', 200), over(3000), ended(3100, 'x')],
  ],

  [
    'a bucket admits its burst and its rate',
    undefined,
    [bucket(), ...calls(0, 5, 1, true), ...calls(100, 40, 100, true)],
  ],
  ['a bucket admits more than its burst', 'I7', [bucket(), ...calls(0, 8, 1, true)]],
  [
    'a bucket admits the share of who is apart',
    undefined,
    [bucket(), apart(0, true), ...calls(1, 7, 1, true), apart(20, false)],
  ],
  [
    'a bucket admits more than that share',
    'I7',
    [bucket(), apart(0, true), ...calls(1, 14, 1, true), apart(20, false)],
  ],
  [
    'a bucket admits more long after somebody was apart',
    'I7',
    [bucket(), apart(0, true), apart(20, false), ...calls(900, 8, 1, true)],
  ],
  ['a bucket admits more than its rate', 'I7', [bucket(), ...calls(0, 60, 80, true)]],
  [
    'a bucket admits one burst more when its engine failed over',
    undefined,
    [bucket(), fault(1, { bursts: 1 }), over(2), ...calls(3, 10, 1, true)],
  ],
  [
    'a bucket admits two bursts more when its engine failed over',
    'I7',
    [bucket(), fault(1, { bursts: 1 }), over(2), ...calls(3, 16, 1, true)],
  ],
  [
    'calls that overlap are not counted as if they were one after the other',
    undefined,
    [bucket(), ...calls(0, 9, 0, true).map((call) => ({ ...call, at: 600 }))],
  ],
  [
    'a bucket gives what is asked for',
    undefined,
    [bucket(0.95), ...calls(0, 50, 100, true), ...calls(50, 50, 100, false)],
  ],
  [
    'a bucket gives too little',
    'I7',
    [bucket(0.95), ...calls(0, 25, 200, true), ...calls(50, 60, 80, false)],
  ],
  [
    'a bucket gives too little while something is wrong',
    undefined,
    [bucket(0.95), fault(0), ...calls(0, 25, 200, true), ...calls(50, 60, 80, false)],
  ],

  ['a quota is used up', undefined, [quota, ...uses(150, 'admitted'), ...uses(1, 'exceeded')]],
  ['a quota is exceeded', 'I8', [quota, ...uses(151, 'admitted')]],
  ['a quota is not used up', 'I8', [quota, ...uses(140, 'admitted'), ...uses(1, 'exceeded')]],
  [
    'a quota is not used up after a death',
    undefined,
    [quota, fault(1, { isDeath: true }), ...uses(90, 'admitted'), ...uses(1, 'exceeded')],
  ],
  [
    'a quota is not used up after an answer of PostgreSQL may have been lost',
    undefined,
    [quota, fault(1), ...uses(147, 'admitted'), ...uses(1, 'exceeded')],
  ],

  [
    'a request fails at a node that was hit',
    undefined,
    [fault(90, { on: ['a'] }), reply(100, [], { status: 0 })],
  ],
  [
    'a request fails at a node that is just back',
    undefined,
    [fault(90, { on: ['a'] }), over(100), reply(1500, [], { status: 503 })],
  ],
  ['a request fails at another node', 'I9', [fault(90, { on: ['b'] }), reply(100, [], { status: 0 })]],
  ['a request fails while an engine is down', 'I9', [fault(90), reply(100, [], { status: 500 })]],
  ['something is left', 'I10', [at(100, 'left', { what: 'process 12' })]],
];

describe('the invariants', () => {
  for (const [what, invariant, entries] of CASES) {
    test(`${what}: ${invariant === undefined ? 'holds' : `breaks ${invariant}`}`, () => {
      const sorted = [...entries].sort((a, b) => a.at - b.at);
      const found = violationsOf(sorted);
      const names = [...new Set(found.map((each) => each.invariant))];
      assert.deepEqual(names, invariant === undefined ? [] : [invariant], printViolations(found));
    });
  }

  test('each is broken by some case', () => {
    const broken = new Set(CASES.map(([, invariant]) => invariant).filter((each) => each !== undefined));
    assert.equal(broken.size, INVARIANTS.length);
  });
});
