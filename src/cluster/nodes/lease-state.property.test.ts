// Two nodes and a PostgreSQL in a model with a clock of its own: whatever is delayed, lost, cut, paused or set, and however PostgreSQL's
// answers come, there is never a moment at which a node believes itself sure while another has declared it gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { type Beat, Judge } from './judge.ts';
import { LeaseState, type Reading } from './lease-state.ts';
import { leaseTimes } from './lease-times.ts';

const TIMES = leaseTimes(10);
const STEP = 250;

interface Row {
  beatAt: number;
  gone: boolean;
  knows: number;
}

/** What happens in one step of the world. */
interface Weather {
  /** Whether each node reaches PostgreSQL, and hears its answers. */
  readonly asks: readonly [boolean, boolean];
  readonly answers: readonly [boolean, boolean];
  /** Whether both reach each other. */
  readonly linked: boolean;
  /** Milliseconds that what is sent now is under way. */
  readonly delay: number;
  /** A machine stands still: neither its program nor its monotonic clock go on. */
  readonly paused: readonly [boolean, boolean];
  /** A program stands still, its clocks go on. */
  readonly stopped: readonly [boolean, boolean];
  /** Wall clocks, and PostgreSQL's, are set by so much. */
  readonly sets: readonly [number, number, number];
  /** How many steps it lasts. */
  readonly steps: number;
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

class World {
  now = 0;
  readonly rows: Row[] = [];
  clock = 0;
  weather!: Weather;
  #events: Event[] = [];

  later(millis: number, run: () => void): void {
    this.#events.push({ at: this.now + millis, run });
  }

  step(): void {
    this.now += STEP;
    this.clock += STEP;
    const due = this.#events.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.#events = this.#events.filter(({ at }) => at > this.now);
    for (const { run } of due) run();
  }
}

class Node {
  readonly state = new LeaseState(TIMES);
  readonly #judge = new Judge(TIMES);
  readonly #world: World;
  readonly #index: 0 | 1;
  peer!: Node;
  #monotonic = 0;
  #wall = 0;
  #nextBeat = 0;
  #waiting = false;
  #known = -1;
  /** What arrived while the program stood still. */
  #inbox: (() => void)[] = [];

  constructor(world: World, index: 0 | 1) {
    this.#world = world;
    this.#index = index;
    world.rows[index] = { beatAt: 0, gone: false, knows: -1 };
    this.state.taken(index, this.reading, this.reading);
    this.state.beaten(this.reading, this.reading, [1 - index]);
    this.#known = 1;
  }

  get reading(): Reading {
    return { monotonic: this.#monotonic, wall: this.#wall };
  }

  get runs(): boolean {
    const { paused, stopped } = this.#world.weather;
    return !paused[this.#index] && !stopped[this.#index];
  }

  get isSure(): boolean {
    return this.runs && this.state.standing(this.reading, this.#world.weather.linked) === 'sure';
  }

  deliver(run: () => void): void {
    if (this.runs) run();
    else this.#inbox.push(run);
  }

  tick(): void {
    const { paused, sets, linked, delay } = this.#world.weather;
    // Nobody could tell a pause from a clock that is set back by as much at the same time.
    const set = sets[this.#index]!;
    this.#wall += STEP + (this.runs ? set : Math.max(0, set));
    if (!paused[this.#index]) this.#monotonic += STEP;
    if (!this.runs) return;
    for (const run of this.#inbox.splice(0)) run();
    if (this.#monotonic < this.#nextBeat) return;
    this.#nextBeat = this.#monotonic + TIMES.beat;
    this.#beat(this.#index, (answer) => answer());
    if (!linked) return;
    const asked = this.reading;
    this.#world.later(delay, () =>
      this.peer.deliver(() => {
        const misses = this.peer.state.misses(this.peer.reading);
        this.#world.later(delay, () =>
          this.deliver(() => this.state.heard(1 - this.#index, asked, this.reading, misses)),
        );
      }),
    );
    // By proxy: the peer's way to PostgreSQL, and back by the link.
    if (this.state.misses(asked)) {
      this.#beat((1 - this.#index) as 0 | 1, (answer) =>
        this.#world.later(delay, () => this.deliver(answer)),
      );
    }
  }

  #beat(by: 0 | 1, back: (answer: () => void) => void): void {
    const world = this.#world;
    const { asks, answers, delay } = world.weather;
    if (this.state.incarnation === undefined || !asks[by] || (by === this.#index && this.#waiting)) return;
    const sent = this.reading;
    const knows = this.#known;
    if (by === this.#index) this.#waiting = true;
    world.later(delay, () => {
      const row = world.rows[this.#index]!;
      if (!row.gone) Object.assign(row, { beatAt: world.clock, knows });
      const wasGone = row.gone;
      const others = world.rows
        .map(({ beatAt, gone, knows: known }, incarnation) => ({ incarnation, beatAt, gone, known }))
        .filter(({ incarnation, gone }) => incarnation !== this.#index && !gone);
      const answer = (): void => {
        if (by === this.#index) this.#waiting = false;
        if (wasGone) this.state.ended();
        else this.#take(sent, others);
      };
      if (answers[by]) world.later(delay, () => back(() => this.deliver(answer)));
      else world.later(TIMES.answer, () => this.deliver(() => (this.#waiting = false)));
    });
  }

  #take(sent: Reading, others: readonly { incarnation: number; beatAt: number; known: number }[]): void {
    const answered = this.reading;
    this.state.beaten(
      sent,
      answered,
      others.map(({ incarnation }) => incarnation),
    );
    this.#known = Math.max(this.#index, ...others.map(({ incarnation }) => incarnation));
    const beats: Beat[] = others.map(({ incarnation, beatAt, known }) => ({
      incarnation,
      beatAt: String(beatAt),
      knowsMe: known >= this.#index,
    }));
    const silent = this.#judge.look(beats, sent.monotonic, answered.monotonic);
    if (!this.state.mayJudge(answered)) return;
    const { asks, delay } = this.#world.weather;
    for (const { incarnation, beatAt } of silent) {
      if (!asks[this.#index]) continue;
      this.#world.later(delay, () => {
        const row = this.#world.rows[incarnation]!;
        if (String(row.beatAt) === beatAt) row.gone = true;
      });
    }
  }
}

const both = fc.tuple(fc.boolean(), fc.boolean());
const mostly = (value: boolean) =>
  fc.tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.boolean() }),
    fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.boolean() }),
  );
const jump = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -3_600_000, max: 3_600_000 }) },
);
const weather: fc.Arbitrary<Weather> = fc.record({
  asks: both,
  answers: mostly(true),
  linked: fc.boolean(),
  delay: fc.oneof(fc.constantFrom(0, 250, 1_000), fc.integer({ min: 0, max: 30_000 })),
  paused: mostly(false),
  stopped: mostly(false),
  sets: fc.tuple(jump, jump, jump),
  steps: fc.integer({ min: 1, max: 120 }),
});

/** Runs the world, and tells how many nodes were declared gone. */
function live(story: readonly Weather[]): number {
  const world = new World();
  world.weather = story[0]!;
  const nodes = [new Node(world, 0), new Node(world, 1)] as const;
  nodes[0].peer = nodes[1];
  nodes[1].peer = nodes[0];
  for (const each of story) {
    world.weather = each;
    world.clock += each.sets[2];
    for (let step = 0; step < each.steps; step++) {
      // A clock is set once, at the beginning of a weather.
      if (step === 1) world.weather = { ...each, sets: [0, 0, 0] };
      world.step();
      for (const node of nodes) node.tick();
      for (const [index, node] of nodes.entries()) {
        assert.ok(!(world.rows[index]!.gone && node.isSure), `node ${index} was declared gone and is sure`);
      }
    }
  }
  return world.rows.filter(({ gone }) => gone).length;
}

test('no node is sure of a lease that another has ended', () => {
  fc.assert(
    fc.property(fc.array(weather, { minLength: 1, maxLength: 12 }), (story) => {
      live(story);
    }),
    { numRuns: NUM_RUNS },
  );
});

const FINE: Weather = {
  asks: [true, true],
  answers: [true, true],
  linked: true,
  delay: 0,
  paused: [false, false],
  stopped: [false, false],
  sets: [0, 0, 0],
  steps: 100,
};

test('the model has what it is about: a node that is cut off, stopped or paused is declared gone', () => {
  const away: readonly Partial<Weather>[] = [
    { asks: [false, true], linked: false },
    { stopped: [true, false] },
    { paused: [true, false] },
  ];
  for (const each of away) assert.equal(live([FINE, { ...FINE, ...each }, FINE]), 1);
  const nobody: readonly Partial<Weather>[] = [
    {},
    { asks: [false, true] },
    { asks: [false, false] },
    { linked: false },
    { sets: [3_600_000, -3_600_000, 3_600_000] },
  ];
  for (const each of nobody) assert.equal(live([FINE, { ...FINE, ...each }, FINE]), 0);
});
