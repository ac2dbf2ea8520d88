// The functions of postern.yaml, found as integrations, authorizers and Invoke calls name them (decision 0014).
import { type FunctionArn, printFunctionUri } from '../grammar/arn.ts';
import {
  type Invocation,
  type InvocationOutcome,
  type LambdaFunction,
  MAX_INVOKE_BYTES,
} from '../integrations/lambda-function.ts';
import type { Log } from '../telemetry/log.ts';
import { EventInvocations } from './event-invocations.ts';
import { functionEnvironment } from './function-environment.ts';
import type { StartInstance } from './function-instance.ts';
import { FunctionPool } from './function-pool.ts';
import { startNodeInstance } from './node-instance.ts';
import { PendingCall } from './pending-call.ts';
import { Reaper } from './reaper.ts';
import { startProvidedInstance, startPythonInstance } from './runtime-api-instance.ts';
import type { FunctionSettings, Runtime } from './settings.ts';

export interface LocalFunctions {
  /** The function that is configured for an ARN: under the ARN itself, else without its qualifier, else under its name, with
   *  and without qualifier. Versions and aliases that are not configured lead to the function. */
  find(arn: FunctionArn): LambdaFunction | undefined;
  /** Ends every instance; running calls may finish for `deadlineMillis`. */
  close(deadlineMillis: number): Promise<void>;
}

export interface LocalFunctionsMeans {
  /** Of functions that are configured by name, for their AWS_REGION and log group. */
  readonly region: string;
  /** Postern's own environment; functions see a few names of it. */
  readonly environment: { readonly [name: string]: string | undefined };
  readonly log: Log;
}

const START: { readonly [R in Runtime]: StartInstance } = {
  nodejs: startNodeInstance,
  python: startPythonInstance,
  provided: startProvidedInstance,
};

/** Starts nothing: instances start with calls. */
export function createLocalFunctions(
  settings: readonly FunctionSettings[],
  means: LocalFunctionsMeans,
): LocalFunctions {
  const reaper = new Reaper();
  const functions = new Map<string, LocalFunction>();
  for (const each of settings) functions.set(each.key, new LocalFunction(each, means, reaper));
  return {
    find(arn) {
      const { name, qualifier } = arn;
      const text = printFunctionUri({ form: 'function', function: arn });
      const plain = printFunctionUri({ form: 'function', function: { ...arn, qualifier: undefined } });
      const found =
        functions.get(text) ??
        functions.get(plain) ??
        functions.get(`${name}:${qualifier}`) ??
        functions.get(name);
      return found === undefined ? undefined : { invoke: (invocation) => found.invoke(invocation, text) };
    },
    async close(deadlineMillis) {
      await Promise.all([...functions.values()].map((each) => each.close(deadlineMillis)));
      reaper.close();
    },
  };
}

class LocalFunction {
  readonly #pool: FunctionPool;
  readonly #events: EventInvocations;

  constructor(settings: FunctionSettings, means: LocalFunctionsMeans, reaper: Reaper) {
    const { log } = means;
    const { name, region } = nameOf(settings.key, means.region);
    this.#pool = new FunctionPool(settings, {
      start: START[settings.runtime],
      reaper,
      name,
      log,
      environment: () => functionEnvironment(settings, name, region, means.environment),
    });
    this.#events = new EventInvocations(this.#pool, name, log);
  }

  invoke(invocation: Invocation, functionArn: string): Promise<InvocationOutcome> {
    const { event, type, timeoutInMillis } = invocation;
    // A character is at most three bytes.
    if (event.length * 3 > MAX_INVOKE_BYTES && Buffer.byteLength(event) > MAX_INVOKE_BYTES) {
      return Promise.resolve({ kind: 'tooLarge' });
    }
    if (type === 'Event') return Promise.resolve(this.#events.take(invocation, functionArn));
    return new Promise((resolve) => {
      this.#pool.take(new PendingCall(invocation, functionArn, { timeoutInMillis }, resolve), false);
    });
  }

  async close(deadlineMillis: number): Promise<void> {
    this.#events.close();
    await this.#pool.close(deadlineMillis);
  }
}

/** Of a key: `hello`, `hello:prod`, `arn:aws:lambda:eu-west-1:…:function:hello`. */
function nameOf(key: string, region: string): { readonly name: string; readonly region: string } {
  const parts = key.split(':');
  return parts[0] === 'arn' ? { name: parts[6]!, region: parts[3]! } : { name: parts[0]!, region };
}
