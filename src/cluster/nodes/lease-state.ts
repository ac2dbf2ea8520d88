// What a node may believe of its own lease, from nothing but its own clocks, its beats and what its peers say: no I/O, no timers.
//
// A beat is good from when it was *sent*: PostgreSQL noted it then or later. Others declare a node gone `gone` after they have seen
// its last beat, so who is `unsure` before that never tells an end at the same time as they do. Who reaches no PostgreSQL stays sure while all
// that could declare it gone say, each in answer to a question of less than `unsure` ago, that they reach none either: they have to beat for
// `steady` before they may judge again. Once it is unsure, what they say does not help: somebody may have judged it before. A beat does.
import type { LeaseTimes } from './lease-times.ts';

/** Both clocks at one moment, in milliseconds. The monotonic one stands still while the machine is paused, the wall clock may be set. */
export interface Reading {
  readonly monotonic: number;
  readonly wall: number;
}

/** `sure`: others hold it to be alive. `unsure`: perhaps they do not; it tells no ends and takes no sockets. `isolated`: unsure, and
 *  nobody is there; it closes its sockets. `none`: it has no lease, or has learnt that it was declared gone. */
export type LeaseStanding = 'sure' | 'unsure' | 'isolated' | 'none';

/** What a peer has answered when it was asked how it stands. */
interface Word {
  /** When it was asked, monotonic. */
  readonly askedAt: number;
  readonly misses: boolean;
}

export class LeaseState {
  /** Of the lease that is held; undefined without one. */
  incarnation: number | undefined = undefined;
  readonly #times: LeaseTimes;
  /** When the last good beat was sent. */
  #good: Reading = { monotonic: Number.NEGATIVE_INFINITY, wall: 0 };
  /** Until when, by the monotonic clock, it is sure, unless it learns more. */
  #sureUntil = Number.NEGATIVE_INFINITY;
  #jumped = false;
  /** When the beats began that have come without a pause since. */
  #steadyFrom = Number.POSITIVE_INFINITY;
  /** The living nodes of the last good beat but itself. */
  #known: readonly number[] = [];
  readonly #words = new Map<number, Word>();

  constructor(times: LeaseTimes) {
    this.#times = times;
  }

  /** A lease was taken; the statement was sent at `sent` and answered at `answered`. */
  taken(incarnation: number, sent: Reading, answered: Reading): void {
    this.incarnation = incarnation;
    this.#good = sent;
    this.#jumped = false;
    this.#sureUntil = sent.monotonic + this.#times.unsure;
    this.#steadyFrom = answered.monotonic;
    this.#known = [];
    this.#words.clear();
  }

  /** PostgreSQL has noted a beat that was sent at `sent`. `living`: the others that it told of. */
  beaten(sent: Reading, answered: Reading, living: readonly number[]): void {
    // One that comes after a later one says nothing new.
    if (this.incarnation === undefined || sent.monotonic < this.#good.monotonic) return;
    if (this.misses(answered)) this.#steadyFrom = answered.monotonic;
    this.#good = sent;
    this.#jumped = false;
    this.#known = living;
    this.#words.clear();
    this.#sureUntil = sent.monotonic + this.#times.unsure;
    // Nobody is there who could judge.
    if (living.length === 0 && answered.monotonic < this.#sureUntil)
      this.#sureUntil = Number.POSITIVE_INFINITY;
  }

  /** PostgreSQL says that the lease has ended, or it was given up. */
  ended(): void {
    this.incarnation = undefined;
  }

  /** A peer has answered at `now` how it stands to a question that was sent at `askedAt`. */
  heard(incarnation: number, askedAt: Reading, now: Reading, misses: boolean): void {
    this.#words.set(incarnation, { askedAt: askedAt.monotonic, misses });
    if (now.monotonic >= this.#sureUntil) return;
    let byWords = Number.POSITIVE_INFINITY;
    for (const each of this.#known) {
      const word = this.#words.get(each);
      if (word?.misses !== true) return;
      byWords = Math.min(byWords, word.askedAt + this.#times.unsure);
    }
    this.#sureUntil = Math.max(this.#sureUntil, byWords);
  }

  /** Whether PostgreSQL has not noted a beat for so long that it counts as away; what peers are told. */
  misses(now: Reading): boolean {
    return this.incarnation === undefined || now.monotonic - this.#good.monotonic > this.#times.missing;
  }

  /** Whether it may declare others gone. */
  mayJudge(now: Reading): boolean {
    return (
      !this.misses(now) && !this.#hasJumped(now) && now.monotonic - this.#steadyFrom >= this.#times.steady
    );
  }

  /** Until when, by the monotonic clock, it is sure, unless it learns more. */
  get sureUntil(): number {
    return this.incarnation === undefined ? Number.NEGATIVE_INFINITY : this.#sureUntil;
  }

  /** `isLinked`: whether any peer is there. */
  standing(now: Reading, isLinked: boolean): LeaseStanding {
    if (this.incarnation === undefined) return 'none';
    const hasJumped = this.#hasJumped(now);
    if (now.monotonic < this.sureUntil) return hasJumped ? 'unsure' : 'sure';
    const silence = now.monotonic - this.#good.monotonic;
    return silence >= this.#times.isolated && !isLinked ? 'isolated' : 'unsure';
  }

  /** The clocks have not run alike since the last good beat, as far as anybody has looked: the machine was paused, or one was set. What was
   *  seen once may look as if it had not been after the next jump. */
  #hasJumped(now: Reading): boolean {
    const further = now.wall - this.#good.wall - (now.monotonic - this.#good.monotonic);
    if (Math.abs(further) > this.#times.drift) this.#jumped = true;
    return this.#jumped;
  }
}
