// What is counted of stages and of routes with DetailedMetricsEnabled (spec/http-api.md §7.3, §7.5). Whoever counts holds its
// counters directly; they are here for as long as somebody holds them, so that they outlive every compilation, and end with
// the stage or the setting.

/** Whose counters they are. */
export interface CountedPlace {
  readonly apiId: string;
  readonly stage: string;
  /** Undefined for the stage as a whole. */
  readonly routeKey: string | undefined;
}

/** `C` is plain numbers, as one kind of API counts. */
export interface Counted<C> extends CountedPlace {
  readonly counters: C;
}

export class CounterRegistry<C> {
  readonly #make: () => C;
  readonly #held = new Map<string, { readonly counted: Counted<C>; holders: number }>();

  constructor(make: () => C) {
    this.#make = make;
  }

  /** Everything that is counted at present, in the order of its beginning. */
  get all(): readonly Counted<C>[] {
    return [...this.#held.values()].map(({ counted }) => counted);
  }

  /** The counters of a place, with one more holder. */
  acquire(place: CountedPlace): Counted<C> {
    const key = keyOf(place);
    let held = this.#held.get(key);
    if (held === undefined) {
      held = { counted: { ...place, counters: this.#make() }, holders: 0 };
      this.#held.set(key, held);
    }
    held.holders++;
    return held.counted;
  }

  /** One holder less; without holders what was counted is forgotten. */
  release(counted: Counted<C>): void {
    const key = keyOf(counted);
    const held = this.#held.get(key);
    if (held !== undefined && --held.holders === 0) this.#held.delete(key);
  }
}

/** Neither an API's id nor a stage's name has a slash. */
function keyOf({ apiId, stage, routeKey }: CountedPlace): string {
  return `${apiId}/${stage}/${routeKey ?? ''}`;
}
