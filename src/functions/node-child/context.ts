// The context object of a call: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
import { env } from 'node:process';

export interface CallFacts {
  readonly awsRequestId: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly functionArn: string;
  /** JSON text, or nothing. */
  readonly clientContext: string;
}

export type Done = (error: unknown, value?: unknown) => void;

export function createContext(facts: CallFacts, done: Done): object {
  const { awsRequestId, deadline, functionArn, clientContext } = facts;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === '' ? undefined : JSON.parse(clientContext),
    identity: undefined,
    invokedFunctionArn: functionArn,
    awsRequestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done,
    fail: (error: unknown) => done(error ?? new Error('failed')),
    succeed: (value: unknown) => done(null, value),
  };
}
