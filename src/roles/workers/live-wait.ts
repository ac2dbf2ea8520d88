// Waits until a change is live in every worker, but not for long for one that does not come along (cluster.md §7 in decision 0028): the
// write is a second late once, and the next ones do not wait for it until it has caught up.

/** Asks one worker: resolves with true once it has what is waited for, with false when it cannot have it. */
export type IsLive<W> = (worker: W) => Promise<boolean>;

/** How much later than the first the last may be. */
const BEHIND_MILLIS = 1_000;

export class LiveWait<W> {
  /** Those that were not waited for to the end. */
  readonly #missed = new Set<W>();

  /** True once all have it, or one and a second has passed; false when none comes to it. */
  waitFor(workers: readonly W[], isLive: IsLive<W>): Promise<boolean> {
    const waited = workers.filter((each) => !this.#missed.has(each));
    // With nobody else the missed ones are all there is.
    const asked = waited.length > 0 ? waited : workers;
    return new Promise((resolve) => {
      const open = new Set(asked);
      let anyLive = false;
      let late: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearTimeout(late);
        resolve(anyLive);
      };
      const missTheRest = (): void => {
        for (const each of open) this.#missed.add(each);
        settle();
      };
      for (const worker of asked) {
        // One that is gone is not waited for: who comes instead begins with everything.
        void isLive(worker)
          .catch(() => false)
          .then((live) => {
            this.#missed.delete(worker);
            open.delete(worker);
            anyLive ||= live;
            if (open.size === 0) settle();
            else if (live) late ??= setTimeout(missTheRest, BEHIND_MILLIS);
          });
      }
      if (open.size === 0) settle();
    });
  }
}
