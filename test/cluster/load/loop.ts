// Clients that go on until they are told to stop.
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

export interface Load {
  /** Resolves when what was under way is over. */
  stop(): Promise<void>;
}

/** Runs `act` again and again, beginning `everyMillis` after its last begin at the earliest, in so many at once. */
export function repeat(
  everyMillis: number,
  atOnce: number,
  act: (signal: AbortSignal) => Promise<void>,
): Load {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  const loop = async (): Promise<void> => {
    await pause(Math.random() * everyMillis);
    while (!signal.aborted) {
      const next = performance.now() + everyMillis;
      await act(signal);
      await pause(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
    }
  };
  const loops = Array.from({ length: atOnce }, loop);
  return {
    async stop() {
      controller.abort();
      await Promise.all(loops);
    },
  };
}

export function together(loads: readonly Load[]): Load {
  return { stop: async () => void (await Promise.all(loads.map((load) => load.stop()))) };
}
