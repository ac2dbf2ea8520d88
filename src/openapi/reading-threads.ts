// Large texts are read in threads of their own, so that nobody else waits for them
// (docs/decisions/0018-definitions-as-text.md): few at once, each with an end of its time and memory.
import { Worker } from 'node:worker_threads';
import { type Definition, DefinitionError } from './definition.ts';
import type { ReadMeans } from './read-definition.ts';
import { unusable } from './read-tree.ts';
import { receivedDefinition, type SentDefinition } from './sent-definition.ts';

/** What a thread is given. */
export interface ThreadData {
  readonly text: string;
  readonly means: ReadMeans;
}

/** What a thread answers. */
export type Reading =
  | { readonly definition: SentDefinition }
  | { readonly refusal: Pick<DefinitionError, 'message' | 'offset' | 'detail'> };

/** As many large texts are being read, or wait for it, as may be. */
export class TooManyTexts extends Error {}

export interface ReadingLimits {
  readonly threads: number;
  /** Texts that wait for a thread. */
  readonly waiting: number;
  readonly milliseconds: number;
  readonly megabytes: number;
  /** How long a thread waits for another text before it ends. */
  readonly idleMilliseconds: number;
}

const THREAD = new URL('./reading-thread.js', import.meta.url);

export class ReadingThreads {
  readonly #limits: ReadingLimits;
  readonly #waiting: (() => void)[] = [];
  /** Threads that have read a text, with the end of their wait: the next one is read by code that is loaded and warm, in half the
   *  time. */
  readonly #idle = new Map<Worker, NodeJS.Timeout>();
  #running = 0;

  constructor(limits: ReadingLimits) {
    this.#limits = limits;
  }

  /** Throws DefinitionError and TooManyTexts. */
  async read(text: string, means: ReadMeans): Promise<Definition> {
    await this.#turn();
    let reading: Reading;
    try {
      reading = await this.#reading({ text, means });
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
    if ('definition' in reading) return receivedDefinition(reading.definition);
    const { message, offset, detail } = reading.refusal;
    throw new DefinitionError(message, offset, detail);
  }

  async #turn(): Promise<void> {
    if (this.#running >= this.#limits.threads) {
      if (this.#waiting.length >= this.#limits.waiting)
        throw new TooManyTexts(`${this.#limits.waiting} OpenAPI definitions wait for being read`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running++;
  }

  /** Ends when the thread waits for another text, or has ended. */
  #reading(asked: ThreadData): Promise<Reading> {
    const { milliseconds, megabytes } = this.#limits;
    const worker = this.#takeIdle() ?? this.#start();
    return new Promise((resolve, reject) => {
      let failure: Error = unusable(0, `reading the text takes more than ${milliseconds / 1000} seconds`);
      const timer = setTimeout(() => worker.terminate(), milliseconds);
      worker.once('message', (reading: Reading) => {
        clearTimeout(timer);
        this.#keep(worker);
        resolve(reading);
      });
      worker.on('error', (error) => {
        failure = isOutOfMemory(error)
          ? unusable(0, `reading the text takes more than ${megabytes} MB of memory`)
          : error;
      });
      worker.on('exit', () => {
        clearTimeout(timer);
        reject(failure);
      });
      worker.postMessage(asked);
    });
  }

  #start(): Worker {
    return new Worker(THREAD, {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes, maxYoungGenerationSizeMb: 64 },
    });
  }

  /** The process may end meanwhile. */
  #keep(worker: Worker): void {
    forget(worker);
    worker.unref();
    const timer = setTimeout(() => {
      this.#idle.delete(worker);
      void worker.terminate();
    }, this.#limits.idleMilliseconds).unref();
    this.#idle.set(worker, timer);
    worker.on('exit', () => this.#idle.delete(worker));
  }

  #takeIdle(): Worker | undefined {
    for (const [worker, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(worker);
      forget(worker);
      worker.ref();
      return worker;
    }
    return undefined;
  }
}

/** Its own listeners, by which a worker starts and stops its port, stay. */
function forget(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
