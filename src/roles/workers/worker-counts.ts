// What workers have counted, as one process would: what one has told that is gone, or does not answer, still counts, for as long as its
// stage is there.
import { API_INDEX, apiKeyOf, stagesOf } from '../../config/keys.ts';
import type { Counts } from '../../management/postern/metrics-route.ts';
import type { CountedPlace } from '../../snapshot/counters.ts';
import type { DocumentSource, ReadTransaction } from '../../store/store.ts';
import { processFigures } from '../../telemetry/process-figures.ts';
import { type Summed, sumOfCounts } from './sums.ts';

/** Undefined where a worker has not answered. */
type AskCounts<W> = (worker: W) => Promise<Counts | undefined>;

type Stage = Pick<CountedPlace, 'apiId' | 'stage'>;

interface Worker {
  readonly slot: number;
}

export class WorkerCounts<W extends Worker> {
  readonly #count: number;
  readonly #documents: Pick<DocumentSource, 'isFilled' | 'read' | 'latestChange'>;
  /** What each that runs has told last. */
  readonly #told = new Map<W, Counts>();
  /** Of those that are gone. */
  #past: Summed | undefined = undefined;
  /** The change up to which no stage of the past has gone; undefined where nobody has looked. */
  #lookedAt: number | undefined = undefined;

  /** `count`: how many workers there should be. */
  constructor(count: number, documents: Pick<DocumentSource, 'isFilled' | 'read' | 'latestChange'>) {
    this.#count = count;
    this.#documents = documents;
  }

  async take(workers: readonly W[], ask: AskCounts<W>): Promise<Counts> {
    const answers = await Promise.all(workers.map(async (worker) => [worker, await ask(worker)] as const));
    for (const [worker, counts] of answers) if (counts !== undefined) this.#told.set(worker, counts);
    for (const [worker, counts] of this.#told) {
      if (workers.includes(worker)) continue;
      this.#told.delete(worker);
      this.#past = sumOfCounts(this.#past === undefined ? [counts] : [this.#past, counts]);
      this.#lookedAt = undefined;
    }
    await this.#forgetStages();
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

  /** That no worker counts a stage says nothing: those that began after a death count it from its first request on. */
  async #forgetStages(): Promise<void> {
    const documents = this.#documents;
    if (this.#past === undefined || documents.isFilled === false) return;
    const { calls, events } = this.#past;
    const stages = new Map([...calls, ...events].map((place) => [keyOf(place), place] as const));
    const gone = new Set<string>();
    try {
      const change = await documents.latestChange();
      if (change === this.#lookedAt) return;
      this.#lookedAt = change;
      await documents.read(async (tx) => {
        for (const [key, stage] of stages) if (!(await isThere(tx, stage))) gone.add(key);
      });
    } catch {
      // What cannot be read now is read the next time.
      this.#lookedAt = undefined;
      return;
    }
    const isLeft = (place: Stage): boolean => !gone.has(keyOf(place));
    const past = this.#past;
    this.#past = { ...past, calls: past.calls.filter(isLeft), events: past.events.filter(isLeft) };
  }
}

function keyOf({ apiId, stage }: Stage): string {
  return `${apiId}/${stage}`;
}

async function isThere(tx: ReadTransaction, { apiId, stage }: Stage): Promise<boolean> {
  const found = await tx.get([...API_INDEX, apiId]);
  if (found === undefined) return false;
  const place = { account: String(found.Account), region: String(found.Region) };
  return (await tx.get([...stagesOf(apiKeyOf(place, apiId)), stage])) !== undefined;
}

function unionOfStages(all: readonly Counts[]): Counts['failedStages'] {
  const stages = all.flatMap(({ failedStages }) => failedStages);
  return [...new Map(stages.map((each) => [keyOf(each), each])).values()];
}
