// Access log lines sent to a service in batches, in order, one request at a time; what fails is sent again until it
// is taken or the queue overflows.
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../telemetry/log.ts';
import type { Destination } from './destination.ts';
import { type Line, LineQueue } from './line-queue.ts';

/** A service that takes batches. */
export interface BatchService {
  /** As warnings name it. */
  readonly name: string;
  readonly maxLines: number;
  readonly maxBytes: number;
  /** What the service counts for each line besides its bytes. */
  readonly overheadBytes: number;
  /** Sends a batch. Resolves with the lines that the service did not take and may take later. Rejects when all failed. */
  send(lines: readonly Line[], signal: AbortSignal): Promise<readonly Line[]>;
  close(): void;
}

/** The service will never take this batch. */
export class RefusedBatch extends Error {}

/** How long lines are gathered. */
const GATHER_MILLIS = 1_000;
const FIRST_RETRY_MILLIS = 200;
const LAST_RETRY_MILLIS = 30_000;

export class BatchDestination implements Destination {
  readonly #service: BatchService;
  readonly #log: Log;
  readonly #queue: LineQueue;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #batch: readonly Line[] = [];
  #failures = 0;
  #closing = false;

  constructor(service: BatchService, log: Log) {
    this.#service = service;
    this.#log = log;
    this.#queue = new LineQueue(service.name, log);
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  write(line: string, epochMillis: number): void {
    if (this.#closing) return this.#queue.drop(1, 'the destination is closed');
    if (!this.#queue.push(line, epochMillis)) return;
    const { maxLines, maxBytes } = this.#service;
    const isFull = this.#queue.length >= maxLines || this.#queue.bytes >= maxBytes / 2;
    if (isFull && this.#failures === 0) this.#schedule(0);
    else this.#schedule(GATHER_MILLIS);
  }

  async close(deadlineMillis: number): Promise<void> {
    const { signal } = this.#stop;
    this.#closing = true;
    clearTimeout(this.#timer);
    const deadline = setTimeout(() => this.#stop.abort(), deadlineMillis);
    try {
      await this.#sending;
      while (!signal.aborted && this.#isWaiting) {
        if (await this.#sendBatch()) continue;
        await delay(this.#pause(), undefined, { signal }).catch(() => undefined);
      }
    } finally {
      clearTimeout(deadline);
    }
    const lost = this.#batch.length + this.#queue.length;
    if (lost > 0) this.#queue.drop(lost, 'the program ended before they were taken');
    this.#batch = [];
    this.#queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0);
    this.#service.close();
  }

  #schedule(millis: number): void {
    if (this.#timer !== undefined || this.#sending !== undefined || this.#closing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sending = this.#send().finally(() => {
        this.#sending = undefined;
        if (this.#isWaiting) this.#schedule(this.#pause());
      });
    }, millis);
    this.#timer.unref();
  }

  get #isWaiting(): boolean {
    return this.#batch.length > 0 || this.#queue.length > 0;
  }

  #pause(): number {
    if (this.#failures === 0) return GATHER_MILLIS;
    return Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** (this.#failures - 1));
  }

  /** Sends until the queue is empty or a batch fails. */
  async #send(): Promise<void> {
    while (await this.#sendBatch());
  }

  /** Whether there may be more to send. */
  async #sendBatch(): Promise<boolean> {
    const { maxLines, maxBytes, overheadBytes } = this.#service;
    if (this.#batch.length === 0) this.#batch = this.#queue.take(maxLines, maxBytes, overheadBytes);
    if (this.#batch.length === 0) return false;
    try {
      this.#batch = await this.#service.send(this.#batch, this.#stop.signal);
    } catch (error) {
      this.#warn(error);
      if (!(error instanceof RefusedBatch)) {
        this.#failures++;
        return false;
      }
      this.#queue.drop(this.#batch.length, error.message);
      this.#batch = [];
    }
    this.#failures = this.#batch.length === 0 ? 0 : this.#failures + 1;
    return this.#failures === 0;
  }

  #warn(error: unknown): void {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (this.#failures === 0) {
      this.#log('access-log.not-passed-on', { destination: this.#service.name, reason });
    }
  }
}
