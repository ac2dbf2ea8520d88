// The functions of this machine in a process that runs none of them: which there are is told to it, calls go to the functions host.
import type { LocalFinder } from '../../backends/lambda/lambda-functions.ts';
import {
  type Invocation,
  type InvocationOutcome,
  isTooLarge,
  type LambdaFunction,
} from '../../backends/lambda-function.ts';
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
    return new RemoteFunction(this.#calls, printFunctionArn(arn));
  }

  close(): void {
    this.#calls.close();
  }
}

class RemoteFunction implements LambdaFunction {
  readonly #calls: FunctionCalls;
  readonly #arn: string;

  constructor(calls: FunctionCalls, arn: string) {
    this.#calls = calls;
    this.#arn = arn;
  }

  invoke(invocation: Invocation): Promise<InvocationOutcome> {
    if (isTooLarge(invocation.event)) return Promise.resolve({ kind: 'tooLarge' });
    return this.#calls.invoke(this.#arn, invocation);
  }
}
