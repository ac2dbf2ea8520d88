// How a program stops, in time: clients may still come for a grace, in which load balancers notice that it is going; then WebSocket
// connections are closed over a time, and what is at work has a while to end (docs/guide/production.md).
import type { Settings } from '../settings/settings.ts';

export interface StopTimes {
  /** Milliseconds, as all of them. */
  readonly grace: number;
  /** Over which WebSocket connections are closed. */
  readonly spread: number;
  /** All of it. */
  readonly total: number;
}

const ALONE = { grace: 0, spread: 4_000, settle: 5_000 };
/** Others take over what this one has. */
const ONE_OF_MANY = { grace: 5_000, spread: 60_000, settle: 20_000 };
/** What clients have of the time without the grace; the rest is for what is closed behind them. */
export const DRAIN_SHARE = 0.9;
/** Of a time that is shorter than wanted, as much is grace at most. */
const GRACE_SHARE = 0.1;

export function stopTimesOf({ sections: { cluster, webSocket } }: Settings): StopTimes {
  const { grace, spread: usual, settle } = cluster.secrets.length > 0 ? ONE_OF_MANY : ALONE;
  const spread = webSocket.drainMillis ?? usual;
  return { grace, spread, total: grace + spread + settle };
}

/** A wait that can be cut short. */
export class Grace {
  #end = (): void => undefined;

  wait(grace: number, deadlineMillis: number): Promise<void> {
    const millis = Math.min(grace, deadlineMillis * GRACE_SHARE);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.#end();
  }
}
