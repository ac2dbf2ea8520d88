// Error documents as Lambda and its Node.js runtime write them: what a caller gets when a function failed.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
import { MAX_INVOKE_BYTES } from '../backends/lambda-function.ts';

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the program could not be run at all. */
  readonly startError?: string;
}

/** `timeout` in seconds. */
export function timedOut(awsRequestId: string, timeout: number): string {
  return print('Sandbox.Timedout', awsRequestId, `Task timed out after ${timeout.toFixed(2)} seconds`);
}

export function initTimedOut(awsRequestId: string, millis: number): string {
  return print(
    'Sandbox.Timedout',
    awsRequestId,
    `Init timed out after ${(millis / 1000).toFixed(2)} seconds`,
  );
}

/** The process ended in the middle of a call, or before it could take one. */
export function exited(awsRequestId: string, { code, signal, startError }: ProcessExit): string {
  if (startError !== undefined) return print('Runtime.InvalidEntrypoint', awsRequestId, startError);
  const how =
    signal !== null
      ? `Runtime exited with error: signal: ${SIGNAL_WORDS[signal] ?? signal.toLowerCase()}`
      : code === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: exit status ${code}`;
  return print('Runtime.ExitError', awsRequestId, how);
}

/** As Go's syscall package, which Lambda is written with, calls them. */
const SIGNAL_WORDS: { readonly [signal: string]: string } = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
};

export const RESPONSE_TOO_LARGE = JSON.stringify({
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_INVOKE_BYTES} bytes).`,
  errorType: 'Function.ResponseSizeTooLarge',
});

function print(errorType: string, awsRequestId: string, message: string): string {
  return JSON.stringify({ errorType, errorMessage: `RequestId: ${awsRequestId} Error: ${message}` });
}
