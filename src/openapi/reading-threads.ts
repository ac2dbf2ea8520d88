// Large texts are read in threads of their own, so that nobody else waits for them
// (docs/decisions/0018-definitions-as-text.md): few at once, each with an end of its time and memory.
import { Worker } from 'node:worker_threads';
import { type Definition, DefinitionError } from './definition.ts';
import type { ReadMeans } from './read-definition.ts';
import { receivedDefinition, type SentDefinition } from './sent-definition.ts';
import { unusable } from './text/bounds.ts';

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
}

const THREAD = new URL('./reading-thread.js', import.meta.url);

export class ReadingThreads {
  readonly #limits: ReadingLimits;
  readonly #waiting: (() => void)[] = [];
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

  /** Ends when the thread has ended. */
  #reading(workerData: ThreadData): Promise<Reading> {
    const { milliseconds, megabytes } = this.#limits;
    const worker = new Worker(THREAD, {
      workerData,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 64 },
    });
    return new Promise((resolve, reject) => {
      let reading: Reading | undefined;
      let failure: Error = unusable(0, `reading the text takes more than ${milliseconds / 1000} seconds`);
      const timer = setTimeout(() => worker.terminate(), milliseconds);
      worker.on('message', (answer: Reading) => {
        reading = answer;
      });
      worker.on('error', (error) => {
        failure = isOutOfMemory(error)
          ? unusable(0, `reading the text takes more than ${megabytes} MB of memory`)
          : error;
      });
      worker.on('exit', () => {
        clearTimeout(timer);
        if (reading === undefined) reject(failure);
        else resolve(reading);
      });
    });
  }
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
