// The stages of an API that requests find by name. A stage is compiled when the first of them asks for it.
import type { PublishedStage } from './published-stage.ts';

/** Those with a deployment. */
export interface StagesByName<S> {
  readonly size: number;
  get(name: string): S | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

export class DeployedStages<S> implements StagesByName<S> {
  readonly #found = new Map<string, S>();
  /** Those that nobody has asked for. */
  readonly #others: Map<string, PublishedStage>;
  readonly #names: readonly string[];
  readonly #runs: (stage: PublishedStage) => S | undefined;

  /** `runs`: what requests meet of a stage, compiled then. */
  constructor(stages: ReadonlyMap<string, PublishedStage>, runs: (stage: PublishedStage) => S | undefined) {
    this.#others = new Map([...stages].filter(([, stage]) => stage.isLive));
    this.#names = [...this.#others.keys()];
    this.#runs = runs;
  }

  get size(): number {
    return this.#names.length;
  }

  get(name: string): S | undefined {
    return this.#found.get(name) ?? (this.#others.size === 0 ? undefined : this.#find(name));
  }

  has(name: string): boolean {
    return this.#found.has(name) || this.#others.has(name);
  }

  keys(): Iterable<string> {
    return this.#names;
  }

  #find(name: string): S | undefined {
    const published = this.#others.get(name);
    if (published === undefined) return undefined;
    this.#others.delete(name);
    const stage = this.#runs(published);
    if (stage !== undefined) this.#found.set(name, stage);
    return stage;
  }
}
