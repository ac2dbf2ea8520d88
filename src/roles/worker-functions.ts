// The functions of this machine as a worker has them: it knows their names, the primary calls them.
import { deserialize, serialize } from 'node:v8';
import type { Invocation, InvocationOutcome, LambdaFunction } from '../backends/lambda-function.ts';
import { FUNCTION } from '../cluster/workers/protocol.ts';
import { messageOf } from '../defect.ts';
import type { CountedFunctions } from '../functions/function-counts.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import { keysOfFunction } from '../grammar/function-name.ts';
import type { Channel } from '../net/channel/channel.ts';
import type { FunctionsLink } from './functions-host.ts';
import type { FunctionNames } from './worker-calls.ts';

export class WorkerFunctions implements FunctionsLink {
  readonly #channel: Channel;
  #known: FunctionNames;

  constructor(channel: Channel, known: FunctionNames) {
    this.#channel = channel;
    this.#known = known;
  }

  replace(known: FunctionNames): void {
    this.#known = known;
  }

  get names(): readonly string[] {
    return this.#known.names;
  }

  get revision(): number {
    return this.#known.revision;
  }

  find(arn: FunctionArn): LambdaFunction | undefined {
    const { names } = this.#known;
    if (!keysOfFunction(arn).some((key) => names.includes(key))) return undefined;
    return { invoke: (invocation) => this.#invoke(arn, invocation) };
  }

  /** Asked where the functions are. */
  async caughtUp(): Promise<boolean> {
    return true;
  }

  async trouble(): Promise<undefined> {
    return undefined;
  }

  get pid(): undefined {
    return undefined;
  }

  async counts(): Promise<CountedFunctions> {
    return { functions: [] };
  }

  async #invoke(arn: FunctionArn, { onOutput, ...invocation }: Invocation): Promise<InvocationOutcome> {
    try {
      return deserialize(
        await this.#channel.ask(FUNCTION, serialize([arn, invocation])),
      ) as InvocationOutcome;
    } catch (error) {
      return { kind: 'unavailable', status: undefined, message: messageOf(error) };
    }
  }
}
