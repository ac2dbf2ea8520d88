// The functions of postern.yaml and of stacks, found as integrations, authorizers and Invoke calls name them (decision 0014).
import { isDeepStrictEqual } from 'node:util';
import {
  type Invocation,
  type InvocationOutcome,
  isTooLarge,
  type LambdaFunction,
} from '../backends/lambda-function.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import { keysOfFunction, printFunctionArn, unqualified } from '../grammar/function-name.ts';
import type { Log } from '../telemetry/log.ts';
import { EventInvocations } from './event-invocations.ts';
import { CallCounts, type FunctionCounts } from './function-counts.ts';
import { functionEnvironment } from './function-environment.ts';
import type { StartInstance } from './function-instance.ts';
import { FunctionPool } from './function-pool.ts';
import { startNodeInstance } from './node-instance.ts';
import { PendingCall } from './pending-call.ts';
import { Reaper } from './reaper.ts';
import { startProvidedInstance, startPythonInstance } from './runtime-api-instance.ts';
import type { FunctionSettings, Runtime } from './settings.ts';

/** Who answers for functions. Keys are those of settings, and differ among all. */
export interface FunctionLists {
  readonly configured: readonly FunctionSettings[];
  /** Those of stacks, whose keys are ARNs: asked for what nobody else answers (spec/definitions.md §7.1.2). */
  readonly deployed: readonly FunctionSettings[];
}

export interface LocalFunctions {
  /** The function that is configured for an ARN: under the ARN itself, else without its qualifier, else under its name, with
   *  and without qualifier; else the one that was deployed. Versions and aliases that are not configured lead to the function. */
  find(arn: FunctionArn): LambdaFunction | undefined;
  /** By name or ARN. */
  readonly names: readonly string[];
  readonly counts: readonly FunctionCounts[];
  /** Other functions from now on, for those too who found one before. What is called meanwhile comes to its end where it was
   *  begun. */
  replace(functions: FunctionLists): void;
  /** Ends every instance; running calls may finish for `deadlineMillis`. */
  close(deadlineMillis: number): Promise<void>;
}

export interface LocalFunctionsMeans {
  /** Of functions that are configured by name, for their AWS_REGION and log group. */
  readonly region: string;
  /** Postern's own environment; functions see a few names of it. */
  readonly environment: { readonly [name: string]: string | undefined };
  readonly log: Log;
  /** The first of the ports at which debuggers attach to Node.js functions; they attach to none when undefined. */
  readonly debugFrom?: number | undefined;
}

export const START: { readonly [R in Runtime]: StartInstance } = {
  nodejs: startNodeInstance,
  python: startPythonInstance,
  provided: startProvidedInstance,
};

/** Starts nothing: instances start with calls. */
export function createLocalFunctions(
  configured: readonly FunctionSettings[],
  means: LocalFunctionsMeans,
): LocalFunctions {
  const reaper = new Reaper();
  const retired = new Set<LocalFunction>();
  const retire = (old: LocalFunction): void => {
    retired.add(old);
    old.retire(() => retired.delete(old));
  };
  const debugPorts = new Map<string, number>();
  const debugPortOf = ({ key, runtime }: FunctionSettings): number | undefined => {
    if (means.debugFrom === undefined || runtime !== 'nodejs') return undefined;
    // The same for as long as the program runs, for clients that attach again.
    const port = debugPorts.get(key) ?? means.debugFrom + debugPorts.size;
    debugPorts.set(key, port);
    return port;
  };
  const start = (settings: FunctionSettings): LocalFunction =>
    new LocalFunction(settings, means, reaper, debugPortOf(settings));
  const first = new FunctionTable(start, retire);
  const last = new FunctionTable(start, retire);
  first.replace(configured);
  return {
    replace(others) {
      first.replace(others.configured);
      last.replace(others.deployed);
    },
    get names() {
      return [...first.keys, ...last.keys];
    },
    get counts() {
      return [...first.all, ...last.all].map(({ counts }) => counts);
    },
    find(arn) {
      const text = printFunctionArn(arn);
      const found = first.reach(keysOfFunction(arn)) ?? last.reach([unqualified(arn)]);
      return found && { invoke: (invocation) => found().invoke(invocation, text) };
    },
    async close(deadlineMillis) {
      const all = [...first.all, ...last.all, ...retired];
      await Promise.all(all.map((each) => each.close(deadlineMillis)));
      reaper.close();
    },
  };
}

/** Functions by their keys: those that stay what they were keep their instances when others come. */
class FunctionTable {
  readonly #functions = new Map<string, LocalFunction>();
  readonly #start: (settings: FunctionSettings) => LocalFunction;
  readonly #retire: (old: LocalFunction) => void;

  constructor(start: (settings: FunctionSettings) => LocalFunction, retire: (old: LocalFunction) => void) {
    this.#start = start;
    this.#retire = retire;
  }

  get keys(): Iterable<string> {
    return this.#functions.keys();
  }

  get all(): Iterable<LocalFunction> {
    return this.#functions.values();
  }

  replace(others: readonly FunctionSettings[]): void {
    const before = new Map(this.#functions);
    this.#functions.clear();
    for (const each of others) {
      const known = before.get(each.key);
      const isSame = known !== undefined && isDeepStrictEqual(known.settings, each);
      this.#functions.set(each.key, isSame ? known : this.#start(each));
      if (isSame) before.delete(each.key);
    }
    for (const old of before.values()) this.#retire(old);
  }

  /** What gives the function of the first of the keys that has one, at the time of a call. */
  reach(keys: readonly string[]): (() => LocalFunction) | undefined {
    const key = keys.find((each) => this.#functions.has(each));
    if (key === undefined) return undefined;
    const found = this.#functions.get(key)!;
    return () => this.#functions.get(key) ?? found;
  }
}

/** How often a function that was replaced is looked at: whether its last call is over. Routes that found it under another key
 *  are compiled anew in less. */
const RETIRE_MILLIS = 2_000;

/** In seconds, while somebody may look at a function by a debugger. */
const A_DAY = 86_400;

class LocalFunction {
  readonly settings: FunctionSettings;
  readonly #isDebugged: boolean;
  readonly #pool: FunctionPool;
  readonly #events: EventInvocations;
  readonly #counts = new CallCounts();
  #running = 0;
  #retiring: NodeJS.Timeout | undefined;

  constructor(
    settings: FunctionSettings,
    means: LocalFunctionsMeans,
    reaper: Reaper,
    debugPort: number | undefined,
  ) {
    this.settings = settings;
    this.#isDebugged = debugPort !== undefined;
    const { log } = means;
    const { name, region } = nameOf(settings.key, means.region);
    const run = this.#isDebugged ? { ...settings, concurrency: 1, timeout: A_DAY } : settings;
    this.#pool = new FunctionPool(run, {
      start: START[settings.runtime],
      reaper,
      name,
      log,
      debugPort,
      environment: () => functionEnvironment(settings, name, region, means.environment),
    });
    this.#events = new EventInvocations(this.#pool, name, log, this.#counts);
    if (this.#isDebugged) this.#pool.startAhead();
  }

  get counts(): FunctionCounts {
    const { invocations, errors, throttles } = this.#counts;
    return { key: this.settings.key, invocations, errors, throttles, ...this.#pool.figures };
  }

  invoke(invocation: Invocation, functionArn: string): Promise<InvocationOutcome> {
    const { event, type } = invocation;
    const timeoutInMillis = this.#isDebugged ? undefined : invocation.timeoutInMillis;
    if (isTooLarge(event)) return Promise.resolve({ kind: 'tooLarge' });
    if (type === 'Event') return Promise.resolve(this.#events.take(invocation, functionArn));
    this.#running++;
    return new Promise((resolve) => {
      const settle = (outcome: InvocationOutcome): void => {
        this.#running--;
        this.#counts.add(outcome);
        resolve(outcome);
      };
      this.#pool.take(new PendingCall(invocation, functionArn, { timeoutInMillis }, settle), false);
    });
  }

  /** Ends once no call is left. */
  retire(onEnded: () => void): void {
    if (this.#isDebugged) {
      // Who comes after it attaches at the same port.
      void this.close(0).finally(onEnded);
      return;
    }
    this.#retiring = setInterval(() => {
      if (this.#running > 0 || this.#events.pending > 0) return;
      void this.close(0).finally(onEnded);
    }, RETIRE_MILLIS).unref();
  }

  async close(deadlineMillis: number): Promise<void> {
    clearInterval(this.#retiring);
    this.#events.close();
    // A debugger may hold it for ever.
    await this.#pool.close(this.#isDebugged ? 0 : deadlineMillis);
  }
}

/** Of a key: `hello`, `hello:prod`, `arn:aws:lambda:eu-west-1:…:function:hello`. */
export function nameOf(key: string, region: string): { readonly name: string; readonly region: string } {
  const parts = key.split(':');
  return parts[0] === 'arn' ? { name: parts[6]!, region: parts[3]! } : { name: parts[0]!, region };
}
