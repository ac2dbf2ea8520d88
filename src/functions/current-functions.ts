// The functions of this machine at present: none as a rule, and then nothing of this folder is loaded.

import type { LocalFinder } from '../backends/lambda/lambda-functions.ts';
import type { LambdaFunction } from '../backends/lambda-function.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import type { CountedFunctions } from './function-counts.ts';
import type { FunctionLists, LocalFunctions, LocalFunctionsMeans } from './local-functions.ts';

/** Whoever runs functions: this process, or one for it. */
export interface FunctionsRunner extends LocalFinder {
  /** By name or ARN. */
  readonly names: readonly string[];
  /** Whatever may fail before `replace`. */
  prepare(functions: FunctionLists): Promise<void>;
  /** After `prepare`: these from now on, where it resolves. Never rejects. */
  replace(functions: FunctionLists): Promise<void>;
  counts(): Promise<CountedFunctions>;
  /** Of the process that runs them; undefined while there are none. */
  readonly pid: number | undefined;
  close(deadlineMillis: number): Promise<void>;
}

export class CurrentFunctions implements FunctionsRunner {
  readonly #means: LocalFunctionsMeans;
  #functions: LocalFunctions | undefined;
  #revision = 0;

  constructor(means: LocalFunctionsMeans) {
    this.#means = means;
  }

  find(arn: FunctionArn): LambdaFunction | undefined {
    return this.#functions?.find(arn);
  }

  get revision(): number {
    return this.#revision;
  }

  /** By name or ARN. */
  get names(): readonly string[] {
    return this.#functions?.names ?? [];
  }

  /** Loads what is needed to run them. */
  async prepare({ configured, deployed }: FunctionLists): Promise<void> {
    if (this.#functions !== undefined || configured.length + deployed.length === 0) return;
    const { createLocalFunctions } = await import('./local-functions.ts');
    this.#functions ??= createLocalFunctions([], this.#means);
  }

  /** At once. */
  async replace(functions: FunctionLists): Promise<void> {
    this.#functions?.replace(functions);
    this.#revision++;
  }

  get pid(): number | undefined {
    return this.names.length === 0 ? undefined : process.pid;
  }

  async counts(): Promise<CountedFunctions> {
    return { functions: this.#functions?.counts ?? [] };
  }

  async close(deadlineMillis: number): Promise<void> {
    await this.#functions?.close(deadlineMillis);
  }
}
