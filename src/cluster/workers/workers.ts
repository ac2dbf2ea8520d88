// The workers of a node: as many as are wanted, for as long as they are. One that dies is replaced at once; where they go on dying,
// somebody else has to see to it.
import type { ChannelHandlers } from '../../net/channel/channel.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Registry } from '../../websocket-api/connections/registry.ts';
import { HeldConnections } from './held-connections.ts';
import type { RunDirectory } from './run-directory.ts';
import { setUpWorkers, WorkerProcess, type WorkerProgram } from './worker-process.ts';

export interface WorkersMeans {
  readonly count: number;
  readonly program: WorkerProgram;
  readonly run: RunDirectory;
  readonly log: Log;
  /** What a worker asks and tells, but for the registry. */
  handlersOf(slot: number): Omit<ChannelHandlers, 'onEnd'>;
  readonly registry: Registry;
  /** One has ended that had these connections. */
  onConnectionsLost(connectionIds: readonly string[]): void;
  /** Gets a new one ready. Rejects with why it cannot be. */
  begin(worker: WorkerProcess): Promise<void>;
  /** Has it serve, now that it is one of those that are `ready`. */
  serve(worker: WorkerProcess): Promise<void>;
  /** Workers die one after another. All are ended by then. */
  onFailure(reason: string): void;
}

const MAX_DEATHS = 5;
const DEATHS_MILLIS = 30_000;

export class Workers {
  readonly #means: WorkersMeans;
  /** Those that follow changes and serve, or are about to, by their slots. */
  readonly #ready = new Map<number, WorkerProcess>();
  readonly #running = new Set<WorkerProcess>();
  #deaths: number[] = [];
  #isClosing = false;

  constructor(means: WorkersMeans) {
    this.#means = means;
  }

  /** Those that are as far as all others, by their places. */
  get ready(): readonly WorkerProcess[] {
    return [...this.#ready.values()].filter(({ isGone }) => !isGone).sort((a, b) => a.slot - b.slot);
  }

  /** The one at a place among those. */
  at(slot: number): WorkerProcess | undefined {
    const worker = this.#ready.get(slot);
    return worker?.isGone === false ? worker : undefined;
  }

  /** Those that run, whether they are as far or not. */
  get running(): readonly WorkerProcess[] {
    return [...this.#running];
  }

  /** Resolves once all serve. Rejects with why one cannot, and none is left then. */
  async start(): Promise<void> {
    setUpWorkers(this.#means.program);
    try {
      await Promise.all(Array.from({ length: this.#means.count }, (_, slot) => this.#start(slot)));
    } catch (error) {
      await this.close(0);
      throw error;
    }
  }

  /** They are asked to end elsewhere; whoever is there after `deadlineMillis` is killed. */
  async close(deadlineMillis: number): Promise<void> {
    this.#isClosing = true;
    const kill = setTimeout(() => {
      for (const worker of this.#running) worker.kill();
    }, deadlineMillis);
    await Promise.all([...this.#running].map(({ ended }) => ended));
    clearTimeout(kill);
  }

  async #start(slot: number): Promise<void> {
    const held = new HeldConnections(this.#means.registry);
    const worker = new WorkerProcess(slot, held.handlers(this.#means.handlersOf(slot)));
    this.#running.add(worker);
    const listed = this.#means.run.add(worker.pid, `worker ${slot}`);
    void worker.ended.then((how) => {
      this.#means.onConnectionsLost(held.ids);
      return this.#onEnded(worker, how);
    });
    await listed;
    await this.#means.begin(worker);
    this.#ready.set(slot, worker);
    await this.#means.serve(worker);
    worker.serves = true;
  }

  async #onEnded(worker: WorkerProcess, how: string): Promise<void> {
    const { slot, pid } = worker;
    this.#running.delete(worker);
    if (this.#ready.get(slot) === worker) this.#ready.delete(slot);
    void this.#means.run.remove(pid);
    // One that never served is in the hands of whoever started it.
    if (this.#isClosing || !worker.serves) return;
    await this.#replace(slot, `Worker ${slot} (process ${pid}) has ended: ${how}.`);
  }

  /** Tries until one serves, or too many have died. */
  async #replace(slot: number, why: string): Promise<void> {
    let reason = why;
    while (!this.#isClosing) {
      const now = performance.now();
      this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_MILLIS), now];
      if (this.#deaths.length >= MAX_DEATHS) {
        await this.#fail(reason);
        return;
      }
      this.#means.log('worker.ended', { worker: slot, reason });
      try {
        await this.#start(slot);
        this.#means.log('worker.replaced', { worker: slot });
        return;
      } catch (error) {
        reason = `Worker ${slot} cannot start: ${error instanceof Error ? error.message : String(error)}`;
        for (const worker of this.#running) if (worker.slot === slot) worker.kill();
      }
    }
  }

  async #fail(reason: string): Promise<void> {
    await this.close(0);
    this.#means.onFailure(
      `${MAX_DEATHS} workers have ended within ${DEATHS_MILLIS / 1_000} seconds; the last: ${reason}`,
    );
  }
}
