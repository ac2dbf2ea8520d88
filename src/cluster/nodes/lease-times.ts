// The times of a lease: fractions of `cluster.leaseSeconds`, so that tests run with short ones (docs/guide/nodes.md, "When a node is
// gone").

/** Milliseconds; in brackets what they are with the ten seconds of the default. */
export interface LeaseTimes {
  /** Between two beats (1 s). */
  readonly beat: number;
  /** What a beat may take before it counts as not answered (2.5 s). */
  readonly answer: number;
  /** Silence after which a node asks its peers to beat for it, counts as away from PostgreSQL, and is not waited for by who has written
   *  (3 s). */
  readonly missing: number;
  /** From when a node is not sure that it is still held to be alive (6 s). */
  readonly unsure: number;
  /** From when a node that has nobody at all closes its sockets (9 s). */
  readonly isolated: number;
  /** Silence after which others may declare a node gone (10 s). */
  readonly gone: number;
  /** How long who declares others gone must have beaten without a pause (15 s). */
  readonly steady: number;
  /** The same silence of a node that cannot know of who looks at it (60 s). */
  readonly stranger: number;
  /** How differently the wall clock may have run from the monotonic one (1 s). */
  readonly drift: number;
}

export function leaseTimes(leaseSeconds: number): LeaseTimes {
  const tenth = leaseSeconds * 100;
  return Object.freeze({
    beat: tenth,
    answer: 2.5 * tenth,
    missing: 3 * tenth,
    unsure: 6 * tenth,
    isolated: 9 * tenth,
    gone: 10 * tenth,
    steady: 15 * tenth,
    stranger: 60 * tenth,
    drift: tenth,
  });
}
