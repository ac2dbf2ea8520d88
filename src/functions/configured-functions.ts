// The functions that are configured at present: none as a rule, and then nothing of this folder is loaded.

import type { LocalFinder } from '../backends/lambda/lambda-functions.ts';
import type { LambdaFunction } from '../backends/lambda-function.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import type { LocalFunctions, LocalFunctionsMeans } from './local-functions.ts';
import type { FunctionSettings } from './settings.ts';

export class ConfiguredFunctions implements LocalFinder {
  readonly #means: LocalFunctionsMeans;
  #functions: LocalFunctions | undefined;

  constructor(means: LocalFunctionsMeans) {
    this.#means = means;
  }

  find(arn: FunctionArn): LambdaFunction | undefined {
    return this.#functions?.find(arn);
  }

  /** By name or ARN. */
  get names(): readonly string[] {
    return this.#functions?.names ?? [];
  }

  /** Loads what is needed to run them. */
  async prepare(settings: readonly FunctionSettings[]): Promise<void> {
    if (this.#functions !== undefined || settings.length === 0) return;
    const { createLocalFunctions } = await import('./local-functions.ts');
    this.#functions = createLocalFunctions([], this.#means);
  }

  /** After `prepare`: these from now on. */
  replace(settings: readonly FunctionSettings[]): void {
    this.#functions?.replace(settings);
  }

  async close(deadlineMillis: number): Promise<void> {
    await this.#functions?.close(deadlineMillis);
  }
}
