// What a node believes of its lease, case by case (docs/guide/nodes.md, "When a node is gone"). Seconds, with a lease of ten.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Beat, Judge } from './judge.ts';
import { type LeaseStanding, LeaseState, type Reading } from './lease-state.ts';
import { leaseTimes } from './lease-times.ts';

const TIMES = leaseTimes(10);
const ME = 1;

/** `jump`: how much further the wall clock is by then. */
const at = (seconds: number, jump = 0): Reading => ({
  monotonic: seconds * 1_000,
  wall: 1_700_000_000_000 + (seconds + jump) * 1_000,
});

/** A good beat that was sent at one time and answered at another, with others that live. */
const beat =
  (sent: number, answered: number, ...others: number[]) =>
  (state: LeaseState) =>
    state.beaten(at(sent), at(answered), others);
/** What a peer has answered, to a question of a time, at another. */
const says = (peer: number, misses: boolean, asked: number, now: number) => (state: LeaseState) =>
  state.heard(peer, at(asked), at(now), misses);
const look = (seconds: number, jump: number) => (state: LeaseState) =>
  state.standing(at(seconds, jump), false);
const ends = (state: LeaseState) => state.ended();

const STANDINGS: readonly [
  name: string,
  steps: readonly ((state: LeaseState) => unknown)[],
  now: Reading,
  isLinked: boolean,
  standing: LeaseStanding,
][] = [
  ['a beat is good for six seconds', [beat(10, 10, 2)], at(15.9), false, 'sure'],
  ['then nobody knows', [beat(10, 10, 2)], at(16), false, 'unsure'],
  ['from when it was sent, not answered', [beat(10, 14, 2)], at(16), true, 'unsure'],
  ['after nine seconds who has nobody is isolated', [beat(10, 10, 2)], at(19), false, 'isolated'],
  ['who has a link is not', [beat(10, 10, 2)], at(30), true, 'unsure'],
  [
    'a late answer to an early beat does not go back',
    [beat(12, 12, 2), beat(10, 13, 2)],
    at(17.9),
    false,
    'sure',
  ],
  ['who is alone has nobody to judge it', [beat(10, 10)], at(1_000), false, 'sure'],
  ['unless it heard so too late', [beat(10, 16.5)], at(17), false, 'unsure'],
  [
    'the only other misses PostgreSQL too',
    [beat(10, 10, 2), says(2, true, 15, 15.2)],
    at(20.9),
    true,
    'sure',
  ],
  ['its word holds for six seconds', [beat(10, 10, 2), says(2, true, 15, 15.2)], at(21), true, 'unsure'],
  ['it does not miss it', [beat(10, 10, 2), says(2, false, 15, 15.2)], at(16), true, 'unsure'],
  ['one of two has said nothing', [beat(10, 10, 2, 3), says(2, true, 15, 15.2)], at(16), true, 'unsure'],
  [
    'both have',
    [beat(10, 10, 2, 3), says(2, true, 15, 15.2), says(3, true, 14, 15.3)],
    at(19.9),
    true,
    'sure',
  ],
  [
    'a word that comes too late does not help: it may have been judged before',
    [beat(10, 10, 2), says(2, true, 15.9, 16.1)],
    at(16.2),
    true,
    'unsure',
  ],
  ['a beat does', [beat(10, 10, 2), says(2, true, 15.9, 16.1), beat(17, 17, 2)], at(17.1), true, 'sure'],
  [
    'words of before a beat say nothing after it',
    [beat(10, 10, 2), says(2, true, 15, 15.2), beat(15.5, 15.6, 2, 3)],
    at(21.6),
    true,
    'unsure',
  ],
  ['the wall clock has run a second further', [beat(10, 10, 2)], at(11, 1), false, 'sure'],
  ['and more: paused, or set', [beat(10, 10, 2)], at(11, 1.1), false, 'unsure'],
  ['or back', [beat(10, 10, 2)], at(11, -3_600), false, 'unsure'],
  ['nothing is closed for it', [beat(10, 10, 2)], at(11, 3_600), false, 'unsure'],
  ['what was seen once is not undone by the next', [beat(10, 10, 2), look(11, 9)], at(12), false, 'unsure'],
  ['until the next beat', [beat(10, 10, 2), look(11, 9), beat(12, 12, 2)], at(13), false, 'sure'],
  ['a lease that has ended is none', [beat(10, 10, 2), ends], at(10.1), true, 'none'],
];

for (const [name, steps, now, isLinked, standing] of STANDINGS) {
  test(`standing: ${name}`, () => {
    const state = new LeaseState(TIMES);
    state.taken(ME, at(0), at(0));
    for (const step of steps) step(state);
    assert.equal(state.standing(now, isLinked), standing);
  });
}

const everySecond = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => beat(from + i, from + i, 2));

const JUDGES: readonly [
  name: string,
  steps: readonly ((state: LeaseState) => unknown)[],
  now: Reading,
  mayJudge: boolean,
][] = [
  ['fifteen seconds of beats', everySecond(1, 15), at(15), true],
  ['fourteen', everySecond(1, 14), at(14.9), false],
  ['a pause of three seconds is none', [...everySecond(1, 15), beat(18, 18, 2)], at(18), true],
  ['a longer one begins anew', [...everySecond(1, 15), beat(18.5, 18.5, 2)], at(30), false],
  ['as does an answer that took longer', [...everySecond(1, 15), beat(16, 18.5, 2)], at(18.5), false],
  ['until it has beaten again for as long', [...everySecond(1, 15), ...everySecond(20, 35)], at(35), true],
  ['not while it misses PostgreSQL', everySecond(1, 20), at(23.1), false],
  ['nor when its clock has jumped', everySecond(1, 20), at(21, 2), false],
];

for (const [name, steps, now, mayJudge] of JUDGES) {
  test(`who may judge: ${name}`, () => {
    const state = new LeaseState(TIMES);
    state.taken(ME, at(0), at(0));
    for (const step of steps) step(state);
    assert.equal(state.mayJudge(now), mayJudge);
  });
}

/** Answers that arrive when they are sent: what they say of node 2, and whether it may be declared gone. */
const GONE: readonly [
  name: string,
  looks: readonly (readonly [second: number, beatAt: string])[],
  knowsMe: boolean,
  isGone: boolean,
][] = [
  [
    'ten seconds of the same beat',
    [
      [0, 'a'],
      [10, 'a'],
    ],
    true,
    true,
  ],
  [
    'less',
    [
      [0, 'a'],
      [9.9, 'a'],
    ],
    true,
    false,
  ],
  [
    'a new one in between',
    [
      [0, 'a'],
      [5, 'b'],
      [12, 'b'],
    ],
    true,
    false,
  ],
  [
    'an older one in between, after a failover',
    [
      [0, 'b'],
      [5, 'a'],
      [12, 'a'],
    ],
    true,
    false,
  ],
  ['one look, however old the beat', [[100, 'a']], true, false],
  [
    'who does not know of the judge has longer',
    [
      [0, 'a'],
      [59, 'a'],
    ],
    false,
    false,
  ],
  [
    'but not for ever',
    [
      [0, 'a'],
      [60, 'a'],
    ],
    false,
    true,
  ],
];

for (const [name, looks, knowsMe, isGone] of GONE) {
  test(`who is gone: ${name}`, () => {
    const judge = new Judge(TIMES);
    let gone: readonly Beat[] = [];
    for (const [second, beatAt] of looks) {
      gone = judge.look([{ incarnation: 2, beatAt, knowsMe }], second * 1_000, second * 1_000);
    }
    assert.equal(gone.length === 1, isGone);
  });
}
