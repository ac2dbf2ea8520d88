// Finds functions for integrations and authorizers: those of postern.yaml first, all others behind the Invoke API
// (decision 0014).
import type { Credentials, FunctionArn } from '../../grammar/arn.ts';
import type { LambdaFunction, LambdaFunctions } from '../lambda-function.ts';
import type { InvokeApi } from './invoke-api.ts';

/** Functions that run here. */
export interface LocalFinder {
  find(arn: FunctionArn): LambdaFunction | undefined;
}

/** Nobody's permission is asked for a local function: it has no policy, and `credentials` do not matter to it. */
export function createLambdaFunctions(local: LocalFinder | undefined, remote: InvokeApi): LambdaFunctions {
  return {
    find: (arn: FunctionArn, credentials: Credentials | undefined) =>
      local?.find(arn) ?? remote.find(arn, credentials),
  };
}
