// The functions of this machine at present: none as a rule, and then nothing of this folder is loaded.

import type { LocalFinder } from '../backends/lambda/lambda-functions.ts';
import type { LambdaFunction } from '../backends/lambda-function.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import type { FunctionLists, LocalFunctions, LocalFunctionsMeans } from './local-functions.ts';

export class CurrentFunctions implements LocalFinder {
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

  /** After `prepare`: these from now on. */
  replace(functions: FunctionLists): void {
    this.#functions?.replace(functions);
    this.#revision++;
  }

  async close(deadlineMillis: number): Promise<void> {
    await this.#functions?.close(deadlineMillis);
  }
}
