// The workers that serve, as they are asked: one of them, or all.
import { CALL } from '../../cluster/workers/protocol.ts';
import type { WorkerProcess } from '../../cluster/workers/worker-process.ts';
import { type Callable, callsTo } from '../../net/channel/calls.ts';
import { ChannelError } from '../../net/channel/channel.ts';
import { TooLate, within } from '../../net/within.ts';
import { ServiceError } from '../../wire/errors.ts';
import { CALL_ERRORS, type WorkerCalls } from './worker-calls.ts';

export type Calls = Callable<WorkerCalls>;

/** What is read and not answered in this time is not waited for. */
const READ_MILLIS = 1_000;

export class AskedWorkers {
  readonly #ready: () => readonly WorkerProcess[];
  readonly #calls = new WeakMap<WorkerProcess, Calls>();

  /** `ready`: those that serve at present. */
  constructor(ready: () => readonly WorkerProcess[]) {
    this.#ready = ready;
  }

  get ready(): readonly WorkerProcess[] {
    return this.#ready();
  }

  callsOf(worker: WorkerProcess): Calls {
    let calls = this.#calls.get(worker);
    if (calls === undefined) {
      calls = callsTo<WorkerCalls>(worker.channel, CALL, { errors: CALL_ERRORS });
      this.#calls.set(worker, calls);
    }
    return calls;
  }

  /** Undefined where it is gone or does not answer in time. Throws what the method throws. */
  async ask<T>(
    worker: WorkerProcess,
    ask: (calls: Calls) => Promise<T>,
    millis = READ_MILLIS,
  ): Promise<Answer<T> | undefined> {
    try {
      return { value: await within(millis, ask(this.callsOf(worker))) };
    } catch (error) {
      if (error instanceof ChannelError || error instanceof TooLate) return undefined;
      throw error;
    }
  }

  /** What one of them answers: the next is asked when one does not in `millis`. */
  async one<T>(ask: (calls: Calls) => Promise<T>, millis?: number): Promise<T> {
    for (const worker of this.ready) {
      const answer = await this.ask(worker, ask, millis);
      if (answer !== undefined) return answer.value;
    }
    throw noneAnswers();
  }

  /** What those answer that do. */
  async all<T>(ask: (calls: Calls) => Promise<T>): Promise<readonly T[]> {
    const answers = await Promise.all(this.ready.map((worker) => this.ask(worker, ask)));
    return answers.flatMap((answer) => (answer === undefined ? [] : [answer.value]));
  }

  /** Who does what is really served, once, whatever it takes. Throws ServiceError where there is none. */
  get first(): Calls {
    const [worker] = this.ready;
    if (worker === undefined) throw noneAnswers();
    return this.callsOf(worker);
  }
}

/** A value that may be undefined itself. */
interface Answer<T> {
  readonly value: T;
}

function noneAnswers(): ServiceError {
  return new ServiceError('ServiceUnavailableException', 503, 'No worker answers at present.');
}
