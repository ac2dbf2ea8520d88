// Finds functions for integrations and authorizers: those of this machine first, all others behind the Invoke API
// (decision 0014).
import type { Credentials, FunctionArn } from '../../grammar/arn.ts';
import { printFunctionArn } from '../../grammar/function-name.ts';
import type { Invocation, InvocationOutcome, LambdaFunction, LambdaFunctions } from '../lambda-function.ts';
import type { InvokeApi } from './invoke-api.ts';

/** Functions that run here. */
export interface LocalFinder {
  find(arn: FunctionArn): LambdaFunction | undefined;
  /** Another number whenever `find` may find something else. */
  readonly revision: number;
}

/** A local function has no policy, and `credentials` do not matter to it: it is called for every API of its account, and for
 *  no other's. What other functions permit is asked by Lambda. */
export function createLambdaFunctions(local: LocalFinder | undefined, remote: InvokeApi): LambdaFunctions {
  return {
    find(arn: FunctionArn, credentials: Credentials | undefined, asking: string | undefined) {
      const elsewhere = remote.find(arn, credentials);
      if (local === undefined) return elsewhere;
      return new FoundFunction(local, () => {
        const found = local.find(arn);
        if (found === undefined) return elsewhere;
        return asking === undefined || asking === arn.account ? found : new ForeignFunction(arn, asking);
      });
    },
  };
}

/** A function as it is at the time of a call: one may be deployed after the route that calls it, and go before it. */
class FoundFunction implements LambdaFunction {
  readonly #local: LocalFinder;
  readonly #find: () => LambdaFunction;
  #found: LambdaFunction;
  #revision: number;

  constructor(local: LocalFinder, find: () => LambdaFunction) {
    this.#local = local;
    this.#find = find;
    this.#revision = local.revision;
    this.#found = find();
  }

  invoke(invocation: Invocation): Promise<InvocationOutcome> {
    if (this.#revision !== this.#local.revision) {
      this.#revision = this.#local.revision;
      this.#found = this.#find();
    }
    return this.#found.invoke(invocation);
  }
}

class ForeignFunction implements LambdaFunction {
  readonly #message: string;

  constructor(arn: FunctionArn, asking: string) {
    this.#message =
      `${printFunctionArn(arn)} belongs to the account ${arn.account} and the API to ${asking}: functions on this machine ` +
      'answer the APIs of their own account';
  }

  invoke(): Promise<InvocationOutcome> {
    return Promise.resolve({ kind: 'refused', status: 403, message: this.#message });
  }
}
