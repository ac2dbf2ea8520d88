// The lease of this node: takes one, beats, asks others to beat for it, and declares gone who has been silent for too long. What it may
// believe is decided in `lease-state.ts` and `judge.ts`; here is what moves.
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../defect.ts';
import type { Log } from '../../telemetry/log.ts';
import type { LogEvent } from '../../telemetry/log-events.ts';
import { Judge } from './judge.ts';
import { type LeaseStanding, LeaseState, type Reading } from './lease-state.ts';
import type { LeaseTimes } from './lease-times.ts';
import {
  type BeatAnswer,
  type BeatCarried,
  MOST_NODES,
  type NodeRow,
  type NodeSelf,
  type NodeState,
  type NodeTable,
} from './node-table.ts';

/** The way to PostgreSQL through another node. */
export interface Proxies {
  /** Whether any other node is there. */
  isAnybodyThere(): boolean;
  /** Beats through the others: the first good answer. Rejects when there is none. */
  beat(incarnation: number, carried: BeatCarried): Promise<BeatAnswer>;
  /** Asks all others how they stand, and tells `heard` what each has answered. */
  askWhoMisses(heard: (incarnation: number, misses: boolean) => void): void;
}

export interface NodeLeaseMeans {
  readonly table: NodeTable;
  readonly times: LeaseTimes;
  readonly self: () => NodeSelf;
  /** The incarnation that had this node's directory before, on the same boot of the machine: it is dead. */
  readonly before: number | undefined;
  /** Keeps what the next start on this directory must know of a lease that was taken. Never rejects. */
  readonly onTaken: (incarnation: number) => Promise<void>;
  readonly carried: () => Omit<BeatCarried, 'knows'>;
  readonly proxies: Proxies;
  readonly log: Log;
  /** Each good answer. */
  readonly onAnswer: (answer: BeatAnswer) => void;
  /** It stands in another way, or has another lease. */
  readonly onStanding: (standing: LeaseStanding) => void;
  readonly now?: () => Reading;
}

/** Another may have been quicker each time. */
const MOST_TRIES = 10;

const STANDING_EVENTS = {
  sure: 'node.sure',
  unsure: 'node.unsure',
  isolated: 'node.isolated',
  none: 'node.none',
} as const satisfies { readonly [S in LeaseStanding]: LogEvent };

const READING = (): Reading => ({ monotonic: performance.now(), wall: Date.now() });

export class NodeLease {
  readonly #means: NodeLeaseMeans;
  readonly #now: () => Reading;
  readonly #state: LeaseState;
  readonly #judge: Judge;
  readonly #stop = new AbortController();
  #number: number | undefined;
  #nodes: readonly NodeRow[] = [];
  #knows = 0;
  #standing: LeaseStanding = 'none';
  #isDraining = false;
  /** A beat that is under way to PostgreSQL, and one through others. */
  #isBeating = false;
  #isBeatingByProxy = false;
  #told: string | undefined;
  #done: Promise<unknown> = Promise.resolve();

  constructor(means: NodeLeaseMeans) {
    this.#means = means;
    this.#now = means.now ?? READING;
    this.#state = new LeaseState(means.times);
    this.#judge = new Judge(means.times);
  }

  /** The lease that is held; undefined without one. */
  get incarnation(): number | undefined {
    return this.#state.incarnation;
  }

  get number(): number | undefined {
    return this.incarnation === undefined ? undefined : this.#number;
  }

  get standing(): LeaseStanding {
    return this.#standing;
  }

  /** Whether ends may be told and connections entered at this moment. */
  get isSure(): boolean {
    return this.#state.standing(this.#now(), false) === 'sure';
  }

  /** Until when, by the monotonic clock, it is sure unless it learns more. */
  get sureUntil(): number {
    return this.#state.sureUntil;
  }

  /** Whether this node does not reach PostgreSQL at present. */
  get misses(): boolean {
    return this.#state.misses(this.#now());
  }

  /** The living, as the last beat's answer told. */
  get nodes(): readonly NodeRow[] {
    return this.#nodes;
  }

  /** Milliseconds since the last beat of another node was first seen. */
  silenceOf(incarnation: number): number {
    return this.#judge.silenceOf(incarnation, this.#now().monotonic);
  }

  /** Goes on until `close`. Resolves when a lease has been taken, or that has failed for the first time. */
  async start(): Promise<void> {
    const first = this.#take();
    this.#done = first.then(() => Promise.all([this.#keepLease(), this.#keepLooking()]));
    await first;
  }

  /** Nobody waits for this node any more. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#setState('draining');
  }

  /** Gives the lease up: what is not told of its ends is handed over. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await this.#setState('drained');
    this.#state.ended();
  }

  async #setState(state: Exclude<NodeState, 'up'>): Promise<void> {
    const { incarnation } = this;
    if (incarnation === undefined) return;
    const { table, times } = this.#means;
    // Others see it anyhow, when its beats end.
    await Promise.race([
      table.setState(incarnation, state).catch(() => undefined),
      pause(times.answer, undefined, { ref: false }),
    ]);
  }

  async #keepLease(): Promise<void> {
    const { signal } = this.#stop;
    const { beat } = this.#means.times;
    let next = this.#now().monotonic + beat;
    await this.#pause(beat);
    while (!signal.aborted) {
      if (this.incarnation === undefined) await this.#take();
      else if (!this.#isBeating) await this.#beat();
      next = Math.max(next + beat, this.#now().monotonic);
      await this.#pause(next - this.#now().monotonic);
    }
  }

  /** Looks at the clocks more often than it beats, and gets help when PostgreSQL does not answer. */
  async #keepLooking(): Promise<void> {
    const { signal } = this.#stop;
    const { beat } = this.#means.times;
    for (let looks = 0; !signal.aborted; looks++) {
      this.#look();
      if (looks % 4 === 0) this.#getHelp();
      await this.#pause(beat / 4);
    }
  }

  #pause(millis: number): Promise<void> {
    return pause(millis, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
  }

  #look(): void {
    const standing = this.#state.standing(this.#now(), this.#means.proxies.isAnybodyThere());
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#means.log(STANDING_EVENTS[standing], { node: this.#number });
    this.#means.onStanding(standing);
  }

  async #take(): Promise<void> {
    const { table, self, before, onTaken } = this.#means;
    try {
      if (before !== undefined) await table.setState(before, 'gone');
      let sent = this.#now();
      let lease = await table.take(self());
      for (let tries = 1; lease === undefined && tries < MOST_TRIES; tries++) {
        sent = this.#now();
        lease = await table.take(self());
      }
      if (lease === undefined) throw new Error(`All ${MOST_NODES} numbers of nodes are taken.`);
      if (this.#stop.signal.aborted) return;
      await onTaken(lease.incarnation);
      this.#number = lease.number;
      this.#knows = lease.incarnation;
      this.#state.taken(lease.incarnation, sent, this.#now());
      this.#reached();
      this.#look();
      if (this.#isDraining) await table.setState(lease.incarnation, 'draining');
      await this.#beat();
    } catch (error) {
      this.#missed(error);
    }
  }

  async #beat(): Promise<void> {
    const { table, carried, times } = this.#means;
    const incarnation = this.incarnation!;
    const sent = this.#now();
    this.#isBeating = true;
    const answer = table
      .beat(incarnation, { ...carried(), knows: this.#knows })
      .finally(() => (this.#isBeating = false));
    const taken = answer
      .then((found) => {
        this.#reached();
        this.#takeAnswer(incarnation, sent, found);
        return this.#judgeOthers(sent, found);
      })
      .catch((error: unknown) => this.#missed(error));
    // A later answer still counts; until it is there no other beat goes the same way.
    await Promise.race([taken, this.#pause(times.answer)]);
  }

  #getHelp(): void {
    const { proxies, carried } = this.#means;
    const { incarnation } = this;
    if (incarnation === undefined || !this.misses) return;
    const asked = this.#now();
    proxies.askWhoMisses((other, misses) => {
      this.#state.heard(other, asked, this.#now(), misses);
      this.#look();
    });
    if (this.#isBeatingByProxy) return;
    this.#isBeatingByProxy = true;
    proxies
      .beat(incarnation, { ...carried(), knows: this.#knows })
      .then((answer) => this.#takeAnswer(incarnation, asked, answer))
      .catch(() => undefined)
      .finally(() => (this.#isBeatingByProxy = false));
  }

  #takeAnswer(incarnation: number, sent: Reading, answer: BeatAnswer): void {
    if (this.incarnation !== incarnation) return;
    if (answer.isAlive) {
      const others = answer.nodes.filter((node) => node.incarnation !== incarnation);
      this.#nodes = answer.nodes;
      this.#knows = Math.max(this.#knows, ...others.map((node) => node.incarnation));
      this.#state.beaten(
        sent,
        this.#now(),
        others.map((node) => node.incarnation),
      );
    } else {
      this.#state.ended();
    }
    this.#look();
    if (answer.isAlive) this.#means.onAnswer(answer);
  }

  /** Of a beat of its own: who beats through others reaches nobody to declare gone. */
  async #judgeOthers(sent: Reading, answer: BeatAnswer): Promise<void> {
    const { incarnation } = this;
    if (incarnation === undefined || !answer.isAlive) return;
    const beats = answer.nodes
      .filter((node) => node.incarnation !== incarnation)
      .map((node) => ({ ...node, knowsMe: node.knows >= incarnation }));
    const now = this.#now();
    const silent = this.#judge.look(beats, sent.monotonic, now.monotonic);
    if (!this.#state.mayJudge(now)) return;
    for (const each of silent) {
      const isGone = await this.#means.table.declareGone(each.incarnation, each.beatAt);
      const node = answer.nodes.find((row) => row.incarnation === each.incarnation);
      if (isGone) this.#means.log('node.declared-gone', { node: node?.number, address: node?.address });
    }
  }

  #reached(): void {
    if (this.#told !== undefined) this.#means.log('node.beats-again', { node: this.#number });
    this.#told = undefined;
  }

  #missed(error: unknown): void {
    const reason = messageOf(error);
    if (this.#told !== reason) this.#means.log('node.beat-failed', { node: this.#number, reason });
    this.#told = reason;
  }
}
