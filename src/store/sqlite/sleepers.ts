// Who waits for the next commit.

export class Sleepers {
  readonly #wakes = new Set<() => void>();

  /** Until `wakeAll` or the signal. */
  sleep(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakes.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakes.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  wakeAll(): void {
    for (const wake of this.#wakes) wake();
  }
}
