// A call on its way to an outcome: waiting for an instance, then running on one.
import { randomUUID } from 'node:crypto';
import type { Invocation, InvocationOutcome } from '../backends/lambda-function.ts';

export class PendingCall {
  readonly invocation: Invocation;
  readonly functionArn: string;
  readonly awsRequestId: string;
  /** It got its outcome while nobody had taken it. */
  onGivenUp: (() => void) | undefined;
  /** Its neighbours while it waits (waiting-calls.ts). */
  before: PendingCall | undefined;
  after: PendingCall | undefined;
  #settled: ((outcome: InvocationOutcome) => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  /** `onOutcome` is called once, after `timeoutInMillis` at the latest. */
  constructor(
    invocation: Invocation,
    functionArn: string,
    options: { readonly awsRequestId?: string; readonly timeoutInMillis: number | undefined },
    onOutcome: (outcome: InvocationOutcome) => void,
  ) {
    this.invocation = invocation;
    this.functionArn = functionArn;
    this.awsRequestId = options.awsRequestId ?? randomUUID();
    this.#settled = onOutcome;
    if (options.timeoutInMillis !== undefined) {
      this.#timer = setTimeout(() => this.settle({ kind: 'timeout' }), options.timeoutInMillis);
    }
  }

  settle(outcome: InvocationOutcome): void {
    const settled = this.#settled;
    if (settled === undefined) return;
    this.#settled = undefined;
    clearTimeout(this.#timer);
    this.onGivenUp?.();
    this.onGivenUp = undefined;
    settled(outcome);
  }
}
