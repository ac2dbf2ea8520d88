// One worker as its primary has it: the process, and the channel to it.
import cluster, { type Worker } from 'node:cluster';
import type { Duplex } from 'node:stream';
import { Channel, type ChannelHandlers } from '../../net/channel/channel.ts';
import { environmentOfChildren } from '../../settings/settings.ts';
import { CHANNEL_FD, CHANNEL_LIMITS } from './protocol.ts';

export class WorkerProcess {
  /** Its place among the workers, from 0: who replaces it has the same. */
  readonly slot: number;
  readonly pid: number;
  readonly channel: Channel;
  /** Resolves with how it ended: `signal SIGKILL`, `exit code 1`. */
  readonly ended: Promise<string>;
  /** It has ended, or is silent and about to be. */
  isGone = false;
  /** It has begun to serve. */
  serves = false;
  readonly #worker: Worker;

  /** `handlers` hear what the worker asks and tells. */
  constructor(slot: number, handlers: Omit<ChannelHandlers, 'onEnd'>) {
    this.slot = slot;
    this.#worker = cluster.fork(environmentOfChildren());
    const child = this.#worker.process;
    this.pid = child.pid ?? 0;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => this.#onEnded(resolve, error.message));
      child.once('exit', (code, signal) =>
        this.#onEnded(resolve, signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
    });
    // The other side is silent, or broke the rules: whatever it does still, nobody hears of it.
    const onEnd = (): void => {
      this.isGone = true;
      this.kill();
    };
    this.channel = new Channel(child.stdio[CHANNEL_FD] as Duplex, { ...handlers, onEnd }, CHANNEL_LIMITS);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #onEnded(resolve: (how: string) => void, how: string): void {
    this.isGone = true;
    this.channel.end();
    resolve(how);
  }
}

export interface WorkerProgram {
  /** The file that Node.js is started with. */
  readonly exec: string;
  readonly args: readonly string[];
}

/** Before the first worker. */
export function setUpWorkers({ exec, args }: WorkerProgram): void {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec,
    args: [...args],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
  });
}
