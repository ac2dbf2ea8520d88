// How a program stops, in time: clients may still come for a grace, in which load balancers notice that it is going; then WebSocket
// connections are closed over a time, and what is at work has a while to end (docs/guide/production.md).
import type { Settings } from '../settings/settings.ts';
import type { Control } from './control.ts';
import type { NodesRole } from './nodes.ts';
import type { ListeningRole, Opened } from './role.ts';
import type { Runtime } from './runtime.ts';

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
const DRAIN_SHARE = 0.9;
/** Of a time that is shorter than wanted, as much is grace at most. */
const GRACE_SHARE = 0.1;

export function stopTimesOf({ sections: { cluster, webSocket } }: Settings): StopTimes {
  const { grace, spread: usual, settle } = cluster.secrets.length > 0 ? ONE_OF_MANY : ALONE;
  const spread = webSocket.drainMillis ?? usual;
  return { grace, spread, total: grace + spread + settle };
}

export interface StopMeans {
  readonly settings: Settings;
  readonly control: Pick<Control, 'startDraining' | 'drain' | 'hasten'>;
  readonly plane: Pick<ListeningRole, 'drain' | 'hasten'>;
  readonly runtime: Pick<Runtime, 'stopTelling'>;
  readonly nodes: Pick<NodesRole, 'drain'> | undefined;
}

/** Puts in front of what `opened` closes: the grace, then the draining of both doors, side by side. What it returns closes everything,
 *  once, in all the time there is when no other is said. */
export function stopInOrder(
  opened: Opened,
  { settings, control, plane, runtime, nodes }: StopMeans,
): (deadlineMillis?: number) => Promise<void> {
  const times = stopTimesOf(settings);
  const grace = new Grace();
  opened.push(
    (deadlineMillis) => {
      const drainMillis = deadlineMillis * DRAIN_SHARE;
      runtime.stopTelling();
      return Promise.all([control.drain(drainMillis), plane.drain(drainMillis)]);
    },
    (deadlineMillis) => {
      const drainMillis = deadlineMillis * DRAIN_SHARE;
      control.hasten(drainMillis);
      plane.hasten(drainMillis);
    },
  );
  opened.push(
    (deadlineMillis) => {
      control.startDraining();
      void nodes?.drain();
      return grace.wait(times.grace, deadlineMillis);
    },
    () => grace.end(),
  );
  let closing: Promise<void> | undefined;
  return (deadlineMillis = times.total) => {
    closing ??= opened.close(deadlineMillis);
    return closing;
  };
}

/** A wait that can be cut short. */
class Grace {
  #end = (): void => undefined;

  wait(grace: number, deadlineMillis: number): Promise<void> {
    const millis = Math.min(grace, deadlineMillis * GRACE_SHARE);
    // Not even a turn of the event loop, in which others could still be accepted.
    if (millis === 0) return Promise.resolve();
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
