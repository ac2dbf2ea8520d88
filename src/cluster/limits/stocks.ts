// The stocks of this process, by their buckets: what throttles take from where other processes have the same limits.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { BucketNumbers, Buckets, Tokens } from '../../stage/throttle.ts';
import type { TokenSource } from '../../stage/token-source.ts';
import { REST_MILLIS, type StockMeans, TokenStock } from './token-stock.ts';

export class Stocks implements Buckets {
  /** Held by the throttles that take from them: those of stages that are gone go too. */
  readonly #byName = new Map<string, WeakRef<TokenStock>>();
  readonly #gone = new FinalizationRegistry<string>((name) => {
    if (this.#byName.get(name)?.deref() === undefined) this.#byName.delete(name);
  });
  readonly #holding = new Set<TokenStock>();
  readonly #means: StockMeans;
  #timer: NodeJS.Timeout | undefined;
  /** In front of names, once buckets are to begin anew. */
  #generation = '';

  constructor(source: TokenSource, clock: Clock) {
    this.#means = {
      source,
      now: () => clock.monotonic(),
      onHolding: (stock) => {
        this.#holding.add(stock);
        this.#timer ??= setInterval(() => this.#rest(), REST_MILLIS).unref();
      },
    };
  }

  of(named: string, numbers: BucketNumbers): Tokens {
    const name = this.#generation + named;
    let stock = this.#byName.get(name)?.deref();
    if (stock === undefined) {
      stock = new TokenStock(name, numbers, this.#means);
      this.#byName.set(name, new WeakRef(stock));
      this.#gone.register(stock, name);
    } else stock.resize(numbers);
    return stock;
  }

  forget(): void {
    this.#generation = `${randomUUID()}/`;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #rest(): void {
    const now = this.#means.now();
    for (const stock of this.#holding) if (!stock.rest(now)) this.#holding.delete(stock);
    if (this.#holding.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
