// What is counted of the functions of this machine, as Lambda counts it, as plain data.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
import type { InvocationOutcome } from '../backends/lambda-function.ts';
import type { ProcessFigures } from '../telemetry/process-figures.ts';

export interface FunctionCounts {
  /** Name or ARN. */
  readonly key: string;
  /** Since the function is as it is. Every try of an asynchronous call is one. */
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
  /** At present. */
  readonly running: number;
  readonly waiting: number;
  readonly instances: number;
}

export interface CountedFunctions {
  readonly functions: readonly FunctionCounts[];
  /** Of the process that is there for them; undefined where there is none. */
  readonly process?: ProcessFigures;
}

export class CallCounts {
  invocations = 0;
  errors = 0;
  throttles = 0;

  add({ kind }: InvocationOutcome): void {
    if (kind === 'throttled') this.throttles++;
    else this.invocations++;
    if (kind === 'functionError' || kind === 'timeout') this.errors++;
  }
}
