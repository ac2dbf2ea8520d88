// The live requests of all workers, as those of one process (decision 0025): lists are put together, and who looks hears of all.
import type { RequestListener, RequestsSource } from '../../management/postern/requests-route.ts';
import type {
  LiveRequests as Mode,
  RequestBatch,
  RequestFilter,
  RequestSummary,
} from '../../stage/request-summary.ts';
import type { AskedWorkers, Calls } from './asked-workers.ts';

interface Subscription {
  readonly filter: RequestFilter;
  readonly listener: RequestListener;
}

export class WorkerRequests implements RequestsSource {
  readonly #workers: AskedWorkers;
  readonly #subscriptions = new Map<number, Subscription>();
  #last = 0;

  constructor(workers: AskedWorkers) {
    this.#workers = workers;
  }

  mode(): Promise<Mode> {
    return this.#workers.one((calls) => calls.requestsMode());
  }

  async list(filter: RequestFilter, limit: number): Promise<readonly RequestSummary[]> {
    const lists = await this.#workers.all((calls) => calls.listRequests(filter, limit));
    return lists
      .flat()
      .sort((one, other) => other.at - one.at)
      .slice(0, limit);
  }

  async one(id: string, filter: RequestFilter): Promise<object | undefined> {
    const found = await this.#workers.all((calls) => calls.oneRequest(id, filter));
    return found.find((each) => each !== undefined);
  }

  async subscribe(filter: RequestFilter, listener: RequestListener): Promise<(() => void) | undefined> {
    const number = ++this.#last;
    this.#subscriptions.set(number, { filter, listener });
    const stop = (): void => {
      this.#subscriptions.delete(number);
      void this.#workers.all((calls) => calls.unsubscribe(number));
    };
    const subscribed = await this.#workers.all((calls) => calls.subscribe(number, filter));
    if (subscribed.includes(true)) return stop;
    stop();
    return undefined;
  }

  /** A worker serves from now on. */
  async begin(calls: Calls): Promise<void> {
    for (const [number, { filter }] of this.#subscriptions) await calls.subscribe(number, filter);
  }

  onBatch(number: number, batch: RequestBatch): void {
    this.#subscriptions.get(number)?.listener.onBatch(batch);
  }

  /** Live requests were switched off, which all workers say. */
  onEnd(number: number): void {
    const subscription = this.#subscriptions.get(number);
    this.#subscriptions.delete(number);
    subscription?.listener.onEnd();
  }
}
