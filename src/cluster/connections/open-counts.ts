// How many connections each process has, put together: what a node says of itself, and what each of its workers has to know of the
// others. A process tells when its counts have changed, once a second at most.
import {
  type ConnectionCounts,
  sumOfConnections,
} from '../../websocket-api/connections/account-connections.ts';

export class OpenCounts {
  readonly #byWorker = new Map<number, ConnectionCounts>();
  #ofNodes: ConnectionCounts = {};

  /** What a worker says; undefined for one that is gone. */
  setWorker(slot: number, counts: ConnectionCounts | undefined): void {
    if (counts === undefined) this.#byWorker.delete(slot);
    else this.#byWorker.set(slot, counts);
  }

  /** What the other nodes have said with their beats. */
  setNodes(counts: readonly ConnectionCounts[]): void {
    this.#ofNodes = sumOfConnections(counts);
  }

  /** Of all workers. */
  get own(): ConnectionCounts {
    return sumOfConnections([...this.#byWorker.values()]);
  }

  /** Of everybody but one worker. */
  elsewhere(slot: number): ConnectionCounts {
    const others = [...this.#byWorker].flatMap(([each, counts]) => (each === slot ? [] : [counts]));
    return sumOfConnections([this.#ofNodes, ...others]);
  }
}
