// Whom a node may declare gone, by what its own beats have shown it: no I/O.
//
// The time that counts is its own, from when it first saw a beat of the other to when it still sees none newer. So it does not matter
// whether PostgreSQL's clock is set, or is another one after a failover; PostgreSQL's part is that the update that declares a node gone
// is bound to the beat that was seen.
import type { LeaseTimes } from './lease-times.ts';

/** What a beat tells of another node. */
export interface Beat {
  readonly incarnation: number;
  /** PostgreSQL's time of its last beat, as text: told apart, never counted with. */
  readonly beatAt: string;
  /** Whether it has seen who looks in the answer to an earlier beat. Who has not may believe that nobody can judge it. */
  readonly knowsMe: boolean;
}

interface Seen {
  readonly beatAt: string;
  /** Monotonic, when the answer that had it first arrived. */
  readonly since: number;
}

export class Judge {
  readonly #times: LeaseTimes;
  readonly #seen = new Map<number, Seen>();

  constructor(times: LeaseTimes) {
    this.#times = times;
  }

  /** Takes the others' beats of an answer. `sent` and `answered`: of this node's own beat, monotonic. Tells those that have been silent for
   *  so long that they may be declared gone. */
  look(others: readonly Beat[], sent: number, answered: number): readonly Beat[] {
    const silent: Beat[] = [];
    const there = new Set<number>();
    for (const beat of others) {
      const { incarnation, beatAt, knowsMe } = beat;
      there.add(incarnation);
      const seen = this.#seen.get(incarnation);
      if (seen === undefined || seen.beatAt !== beatAt) {
        this.#seen.set(incarnation, { beatAt, since: answered });
        continue;
      }
      if (sent - seen.since >= (knowsMe ? this.#times.gone : this.#times.stranger)) silent.push(beat);
    }
    for (const incarnation of this.#seen.keys()) {
      if (!there.has(incarnation)) this.#seen.delete(incarnation);
    }
    return silent;
  }

  /** Milliseconds since another's last beat was first seen; endless for who was never seen. */
  silenceOf(incarnation: number, now: number): number {
    return now - (this.#seen.get(incarnation)?.since ?? Number.NEGATIVE_INFINITY);
  }
}
