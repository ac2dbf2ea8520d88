// Access log lines on standard output, between the lines of the program's own log.
import type { Log } from '../../telemetry/log.ts';
import type { Destination } from './destination.ts';
import { LineQueue, MAX_WAITING_BYTES } from './line-queue.ts';

/** Standard output, or what a test puts in its place. */
export interface LineOutput {
  write(text: string): unknown;
  readonly writableLength: number;
}

export class StdoutDestination implements Destination {
  readonly #output: LineOutput;
  /** Only counts: the stream itself keeps what waits. */
  readonly #queue: LineQueue;

  constructor(output: LineOutput, log: Log) {
    this.#output = output;
    this.#queue = new LineQueue('stdout', log);
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  write(line: string): void {
    if (this.#output.writableLength > MAX_WAITING_BYTES) this.#queue.drop(1, 'nobody reads standard output');
    else this.#output.write(`${line}\n`);
  }

  async close(): Promise<void> {}
}
