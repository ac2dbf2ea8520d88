// Asynchronous calls (`type: 'Event'`): answered when taken, run when there is an instance, run again when they fail, twice as
// in Lambda, but after seconds instead of minutes. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
import { randomUUID } from 'node:crypto';
import type { Invocation, InvocationOutcome } from '../backends/lambda-function.ts';
import type { Log } from '../telemetry/log.ts';
import type { CallCounts } from './function-counts.ts';
import type { FunctionPool } from './function-pool.ts';
import { PendingCall } from './pending-call.ts';

const MAX_PENDING = 1_000;
const RETRY_MILLIS = [1_000, 2_000];

export class EventInvocations {
  readonly #pool: FunctionPool;
  readonly #name: string;
  readonly #log: Log;
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #counts: CallCounts;
  #pending = 0;

  constructor(pool: FunctionPool, name: string, log: Log, counts: CallCounts) {
    this.#counts = counts;
    this.#pool = pool;
    this.#name = name;
    this.#log = log;
  }

  take(invocation: Invocation, functionArn: string): InvocationOutcome {
    if (this.#pending >= MAX_PENDING) {
      this.#counts.throttles++;
      return { kind: 'throttled' };
    }
    this.#pending++;
    const awsRequestId = randomUUID();
    this.#run(invocation, functionArn, awsRequestId, 0);
    return { kind: 'returned', payload: '', awsRequestId };
  }

  /** Calls that have not come to their end. */
  get pending(): number {
    return this.#pending;
  }

  /** What has not run is lost. */
  close(): void {
    for (const timer of this.#retries) clearTimeout(timer);
    if (this.#retries.size > 0) {
      this.#log('function.calls-lost', { function: this.#name, calls: this.#retries.size });
    }
    this.#retries.clear();
  }

  #run(invocation: Invocation, functionArn: string, awsRequestId: string, attempt: number): void {
    const call = new PendingCall(
      invocation,
      functionArn,
      { awsRequestId, timeoutInMillis: undefined },
      (outcome) => {
        this.#counts.add(outcome);
        const millis = RETRY_MILLIS[attempt];
        if (outcome.kind === 'functionError' && millis !== undefined) {
          const timer = setTimeout(() => {
            this.#retries.delete(timer);
            this.#run(invocation, functionArn, awsRequestId, attempt + 1);
          }, millis).unref();
          this.#retries.add(timer);
          return;
        }
        this.#pending--;
        if (outcome.kind === 'returned') return;
        const { requestId } = invocation;
        this.#log('function.call-given-up', { function: this.#name, requestId, awsRequestId });
      },
    );
    this.#pool.take(call, true);
  }
}
