// One stage as the publisher keeps it: compiled, or waiting for its first call. What nobody calls takes the memory of its text and
// nothing of a start.
import type { ApiPlace } from '../config/keys.ts';
import type { CompiledStage } from './http/compile-stage.ts';
import type { RouteProblem } from './route-problems.ts';
import type { CompiledSocketStage } from './websocket/compile-stage.ts';

export type Compiled = CompiledStage | CompiledSocketStage;

/** How it stands with a stage. */
export interface StageStatus extends ApiPlace {
  readonly name: string;
  /** The deployment that the stage has in the store; undefined for a stage that nothing was deployed to. */
  readonly wanted: string | undefined;
  /** The deployment that requests meet. */
  readonly live: string | undefined;
  /** Epoch milliseconds of the last change that requests met. */
  readonly since: number | undefined;
  /** Why what is live is not what is wanted; undefined where it is. */
  readonly problem: string | undefined;
  /** Routes that refuse because they cannot run. */
  readonly routes: readonly RouteProblem[];
}

/** What became of compiling a stage. */
export interface Outcome {
  readonly status: StageStatus;
  /** Undefined where nothing is live. */
  readonly compiled: Compiled | undefined;
  /** How long that took; 0 where nothing was compiled yet. */
  readonly millis: number;
}

export class PublishedStage {
  /** How often the program has compiled everything anew, and behind a space the stage document's text and deployment that it is made
   *  from. */
  readonly source: string;
  #outcome: Outcome;
  #compile: (() => Outcome) | undefined;

  /** `compile` makes the outcome once the stage is called; what is there until then has nothing compiled. It does not throw. */
  constructor(source: string, outcome: Outcome, compile?: () => Outcome) {
    this.source = source;
    this.#outcome = outcome;
    this.#compile = compile;
  }

  get status(): StageStatus {
    return this.#outcome.status;
  }

  /** What it is made from, as the store has it; empty where nothing was deployed. */
  get written(): string {
    return this.source.slice(this.source.indexOf(' ') + 1);
  }

  /** Nobody has called it yet. */
  get isWaiting(): boolean {
    return this.#compile !== undefined;
  }

  /** Whether there is anything for requests, compiled already or not. */
  get isLive(): boolean {
    return this.#compile !== undefined || this.#outcome.compiled !== undefined;
  }

  /** Whether what is live was made from the same. */
  isOf(source: string): boolean {
    return this.isLive && this.source === source;
  }

  /** How long compiling took, the last time. */
  get millis(): number {
    return this.#outcome.millis;
  }

  /** What there is of it already. */
  get compiled(): Compiled | undefined {
    return this.#outcome.compiled;
  }

  /** What requests meet, compiled now if it was not. */
  get called(): Compiled | undefined {
    const compile = this.#compile;
    if (compile !== undefined) {
      this.#compile = undefined;
      this.#outcome = compile();
    }
    return this.#outcome.compiled;
  }

  /** The same stage, with another status. */
  withStatus(status: StageStatus): PublishedStage {
    const compile = this.#compile;
    const later = (): Outcome => {
      const outcome = compile!();
      const problem = outcome.status.problem ?? status.problem;
      return { ...outcome, status: { ...outcome.status, problem } };
    };
    return new PublishedStage(this.source, { ...this.#outcome, status }, compile && later);
  }

  /** Lets go of what it shares with others, and is not called any more. */
  release(): void {
    this.#compile = undefined;
    this.#outcome.compiled?.release();
  }
}
