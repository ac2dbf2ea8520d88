// The functions host: the functions of this machine, those of postern.yaml and those of stacks, which a data plane and the Invoke
// API call by the contract of every function.
import type { LocalFinder } from '../backends/lambda/lambda-functions.ts';
import type { FunctionDocument } from '../config/function-document.ts';
import { FUNCTIONS, isFunction } from '../config/keys.ts';
import { sweepCode } from '../functions/code/code-directories.ts';
import { CurrentFunctions, type FunctionsRunner } from '../functions/current-functions.ts';
import type { CountedFunctions } from '../functions/function-counts.ts';
import { environmentOfProcess, type Settings } from '../settings/settings.ts';
import { Follower } from '../store/follower.ts';
import type { DocumentSource } from '../store/store.ts';
import { codeIn } from './data-directory.ts';
import { functionLists } from './function-lists.ts';
import type { LivePart } from './live-settings.ts';
import { openAll, type Role, type RoleMeans, reasonOf } from './role.ts';

/** What other roles ask of the functions host. */
export interface FunctionsLink extends LocalFinder {
  /** By name or ARN. */
  readonly names: readonly string[];
  /** Resolves with true once the functions of every stack that is committed now, and of the settings, are called, with false when that
   *  takes too long. */
  caughtUp(): Promise<boolean>;
  /** Why functions of stacks are not what they should be; undefined while they are. */
  trouble(): Promise<string | undefined>;
  /** Of the process that runs them; undefined while there are none. */
  readonly pid: number | undefined;
  /** What has been counted of them. */
  counts(): Promise<CountedFunctions>;
}

export interface FunctionsHost extends Role {
  readonly functions: FunctionsLink;
}

export interface FunctionsHostMeans extends RoleMeans {
  readonly documents: DocumentSource;
  /** The first of the ports for debuggers of functions; none when undefined. */
  readonly debugFrom?: number | undefined;
  /** Runs the functions; this process when absent. */
  readonly runner?: FunctionsRunner;
  /** The functions are others from now on: they are called when all who have to know of it do. */
  readonly onReplaced?: () => void | Promise<void>;
}

/** Throws StoreError. */
export function openFunctionsHost(means: FunctionsHostMeans): Promise<FunctionsHost> {
  const { settings, log, documents, debugFrom } = means;
  return openAll(async (opened) => {
    const functions =
      means.runner ??
      new CurrentFunctions({
        region: settings.region,
        environment: environmentOfProcess(),
        log,
        debugFrom,
      });
    opened.push((deadlineMillis) => functions.close(deadlineMillis));
    let sections = settings.sections;
    let ofStacks: readonly FunctionDocument[] = [];
    /** Of functions of other settings: until they are called. */
    let applied: Promise<void> = Promise.resolve();
    const readAll = async (): Promise<void> => {
      const { entries } = await documents.read((tx) => tx.list(FUNCTIONS));
      ofStacks = entries.map(({ document }) => document as unknown as FunctionDocument);
      await functions.prepare(functionLists(sections, ofStacks));
      await functions.replace(functionLists(sections, ofStacks));
      await means.onReplaced?.();
      sweep();
    };
    /** What is left of functions that were, bit by bit; what fails is met again the next time. */
    const sweep = (): void => {
      const used = JSON.stringify(ofStacks.map(({ Code, Environment }) => [Code, Environment]));
      sweepCode(codeIn(settings.data), (directory) =>
        used.includes(JSON.stringify(directory).slice(1, -1)),
      ).catch(() => undefined);
    };
    const follower = new Follower({
      documents,
      readAll,
      take: async (batch) => {
        if (batch.some(({ key }) => isFunction(key))) await readAll();
      },
      onError: (error, what) => log('publish.failed', { what, ...reasonOf(error) }),
      onRecovered: () => log('publish.recovered', {}),
    });
    await follower.start();
    opened.push(() => follower.close());
    const live: LivePart = {
      prepare: (next: Settings) => functions.prepare(functionLists(next.sections, ofStacks)),
      apply(next: Settings) {
        sections = next.sections;
        applied = functions.replace(functionLists(sections, ofStacks)).then(() => means.onReplaced?.());
      },
    };
    return {
      functions: {
        find: (arn) => functions.find(arn),
        get revision() {
          return functions.revision;
        },
        get names() {
          return functions.names;
        },
        caughtUp: async () => {
          await applied;
          return follower.caughtUp();
        },
        trouble: async () => follower.trouble,
        get pid() {
          return functions.pid;
        },
        counts: () => functions.counts(),
      },
      live: { functions: live, stacks: live },
      close: (deadlineMillis) => opened.close(deadlineMillis),
    };
  });
}
