// The functions of this machine in a process that runs none of them: which there are is told to it, calls go to the functions host.
import type { LocalFinder } from '../../backends/lambda/lambda-functions.ts';
import { type InvocationOutcome, isTooLarge, type LambdaFunction } from '../../backends/lambda-function.ts';
import type { FunctionArn } from '../../grammar/arn.ts';
import { keysOfFunction, printFunctionArn } from '../../grammar/function-name.ts';
import { FunctionCalls } from './function-calls.ts';

export class RemoteFunctions implements LocalFinder {
  revision = 0;
  readonly #calls: FunctionCalls;
  #names: ReadonlySet<string> = new Set();

  /** `path` is that of the host's socket. */
  constructor(path: string, names: readonly string[]) {
    this.#calls = new FunctionCalls(path);
    this.replace(names);
  }

  /** By name or ARN. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** These are found from now on. */
  replace(names: readonly string[]): void {
    this.#names = new Set(names);
    this.revision++;
  }

  find(arn: FunctionArn): LambdaFunction | undefined {
    // Those of stacks are known by their ARNs, which are among these.
    if (!keysOfFunction(arn).some((key) => this.#names.has(key))) return undefined;
    const text = printFunctionArn(arn);
    return {
      invoke: async (invocation) => {
        if (isTooLarge(invocation.event)) return { kind: 'tooLarge' };
        return (await this.#calls.invoke(text, invocation)) ?? gone(text);
      },
    };
  }

  close(): void {
    this.#calls.close();
  }
}

/** It was taken away while the call was on its way. */
function gone(arn: string): InvocationOutcome {
  return { kind: 'notConfigured', message: `${arn} is not a function of this machine any more` };
}
