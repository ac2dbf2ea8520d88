// The functions of postern.yaml, found as integrations, authorizers and Invoke calls name them (decision 0014).
import { isDeepStrictEqual } from 'node:util';
import {
  type Invocation,
  type InvocationOutcome,
  type LambdaFunction,
  MAX_INVOKE_BYTES,
} from '../backends/lambda-function.ts';
import { type FunctionArn, printFunctionUri } from '../grammar/arn.ts';
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
  /** Those that are configured, by name or ARN. */
  readonly names: readonly string[];
  /** Other functions from now on, for those too who found one before. What is called meanwhile comes to its end where it was
   *  begun. */
  replace(settings: readonly FunctionSettings[]): void;
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

export const START: { readonly [R in Runtime]: StartInstance } = {
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
  const retired = new Set<LocalFunction>();
  const replace = (others: readonly FunctionSettings[]): void => {
    const before = new Map(functions);
    functions.clear();
    for (const each of others) {
      const known = before.get(each.key);
      const isSame = known !== undefined && isDeepStrictEqual(known.settings, each);
      functions.set(each.key, isSame ? known : new LocalFunction(each, means, reaper));
      if (isSame) before.delete(each.key);
    }
    for (const old of before.values()) {
      retired.add(old);
      old.retire(() => retired.delete(old));
    }
  };
  replace(settings);
  return {
    replace,
    get names() {
      return [...functions.keys()];
    },
    find(arn) {
      const { name, qualifier } = arn;
      const text = printFunctionUri({ form: 'function', function: arn });
      const plain = printFunctionUri({ form: 'function', function: { ...arn, qualifier: undefined } });
      const found =
        functions.get(text) ??
        functions.get(plain) ??
        functions.get(`${name}:${qualifier}`) ??
        functions.get(name);
      if (found === undefined) return undefined;
      const { key } = found.settings;
      return { invoke: (invocation) => (functions.get(key) ?? found).invoke(invocation, text) };
    },
    async close(deadlineMillis) {
      await Promise.all([...functions.values(), ...retired].map((each) => each.close(deadlineMillis)));
      reaper.close();
    },
  };
}

/** How often a function that was replaced is looked at: whether its last call is over. Routes that found it under another key
 *  are compiled anew in less. */
const RETIRE_MILLIS = 2_000;

class LocalFunction {
  readonly settings: FunctionSettings;
  readonly #pool: FunctionPool;
  readonly #events: EventInvocations;
  #running = 0;
  #retiring: NodeJS.Timeout | undefined;

  constructor(settings: FunctionSettings, means: LocalFunctionsMeans, reaper: Reaper) {
    this.settings = settings;
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
    this.#running++;
    return new Promise((resolve) => {
      const settle = (outcome: InvocationOutcome): void => {
        this.#running--;
        resolve(outcome);
      };
      this.#pool.take(new PendingCall(invocation, functionArn, { timeoutInMillis }, settle), false);
    });
  }

  /** Ends once no call is left. */
  retire(onEnded: () => void): void {
    this.#retiring = setInterval(() => {
      if (this.#running > 0 || this.#events.pending > 0) return;
      void this.close(0).finally(onEnded);
    }, RETIRE_MILLIS).unref();
  }

  async close(deadlineMillis: number): Promise<void> {
    clearInterval(this.#retiring);
    this.#events.close();
    await this.#pool.close(deadlineMillis);
  }
}

/** Of a key: `hello`, `hello:prod`, `arn:aws:lambda:eu-west-1:…:function:hello`. */
export function nameOf(key: string, region: string): { readonly name: string; readonly region: string } {
  const parts = key.split(':');
  return parts[0] === 'arn' ? { name: parts[6]!, region: parts[3]! } : { name: parts[0]!, region };
}
