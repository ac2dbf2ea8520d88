// Finds functions for integrations and authorizers: those of postern.yaml first, all others behind the Invoke API
// (decision 0014).
import type { Credentials, FunctionArn } from '../../grammar/arn.ts';
import { printFunctionArn } from '../../grammar/function-name.ts';
import type { InvocationOutcome, LambdaFunction, LambdaFunctions } from '../lambda-function.ts';
import type { InvokeApi } from './invoke-api.ts';

/** Functions that run here. */
export interface LocalFinder {
  find(arn: FunctionArn): LambdaFunction | undefined;
}

/** A local function has no policy, and `credentials` do not matter to it: it is called for every API of its account, and for
 *  no other's. What other functions permit is asked by Lambda. */
export function createLambdaFunctions(local: LocalFinder | undefined, remote: InvokeApi): LambdaFunctions {
  return {
    find(arn: FunctionArn, credentials: Credentials | undefined, asking: string | undefined) {
      const found = local?.find(arn);
      if (found === undefined) return remote.find(arn, credentials);
      return asking === undefined || asking === arn.account ? found : new ForeignFunction(arn, asking);
    },
  };
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
