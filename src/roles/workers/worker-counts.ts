// What workers have counted, as one process would: what one has told that is gone, or does not answer, still counts.
import type { Counts } from '../../management/postern/metrics-route.ts';
import { processFigures } from '../../telemetry/process-figures.ts';
import { type Summed, sumOfCounts } from './sums.ts';

/** Undefined where a worker has not answered. */
type AskCounts<W> = (worker: W) => Promise<Counts | undefined>;

interface Worker {
  readonly slot: number;
}

export class WorkerCounts<W extends Worker> {
  readonly #count: number;
  /** What each that runs has told last. */
  readonly #told = new Map<W, Counts>();
  /** Of those that are gone. */
  #past: Summed | undefined = undefined;

  /** `count`: how many workers there should be. */
  constructor(count: number) {
    this.#count = count;
  }

  async take(workers: readonly W[], ask: AskCounts<W>): Promise<Counts> {
    const answers = await Promise.all(workers.map(async (worker) => [worker, await ask(worker)] as const));
    for (const [worker, counts] of answers) if (counts !== undefined) this.#told.set(worker, counts);
    for (const [worker, counts] of this.#told) {
      if (workers.includes(worker)) continue;
      this.#told.delete(worker);
      this.#past = sumOfCounts(this.#past === undefined ? [counts] : [this.#past, counts]);
    }
    const running = [...this.#told.values()];
    const bySlot = new Map(answers.map(([{ slot }, counts]) => [slot, counts] as const));
    return {
      ...sumOfCounts([...(this.#past === undefined ? [] : [this.#past]), ...running]),
      // Of what is there now.
      connections: running.reduce((sum, { connections }) => sum + connections, 0),
      areChangesLive: running.every(({ areChangesLive }) => areChangesLive),
      failedStages: running.length === 0 ? [] : unionOfStages(running),
      process: processFigures(),
      workers: Array.from({ length: this.#count }, (_, number) => ({
        number,
        process: bySlot.get(number)?.process,
      })),
    };
  }
}

function unionOfStages(all: readonly Counts[]): Counts['failedStages'] {
  const stages = all.flatMap(({ failedStages }) => failedStages);
  return [...new Map(stages.map((each) => [`${each.apiId}/${each.stage}`, each])).values()];
}
