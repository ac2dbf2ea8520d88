// Local functions as postern.yaml configures them (`functions:`, docs/reference/settings.md). Read by
// settings/sections/functions.ts.

export type Runtime = 'nodejs' | 'python' | 'provided';

export interface FunctionSettings {
  /** The key in the file: a name, or a function's ARN, either with `:QUALIFIER` after it. */
  readonly key: string;
  readonly runtime: Runtime;
  /** Absolute: the file that is run. For `nodejs` and `python` perhaps without its extension, which is found when an
   *  instance starts; for `provided` the bootstrap. */
  readonly file: string;
  /** The exported function, for `nodejs` and `python`: `handler`, `handlers.get`. */
  readonly exported: string;
  /** As Lambda calls it (`_HANDLER`): `src/hello.handler`. */
  readonly handler: string;
  /** Absolute: LAMBDA_TASK_ROOT and the current directory of the function. */
  readonly taskRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of one call, in seconds. */
  readonly timeout: number;
  /** MB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE, and the heap of Node.js functions. */
  readonly memory: number;
  /** Instances at most. */
  readonly concurrency: number;
  /** Calls that may wait for an instance; further ones are throttled. */
  readonly queue: number;
  /** Absolute files and directories: when something in them changes, new calls get new instances. */
  readonly watch: readonly string[];
}

/** The code that a file says for a function: how it is run, and what is watched for changes of it. */
export type FunctionCode = Pick<
  FunctionSettings,
  'runtime' | 'file' | 'exported' | 'handler' | 'taskRoot' | 'watch'
>;

type Limits = Pick<FunctionSettings, 'timeout' | 'memory' | 'concurrency' | 'queue'>;

/** Code that answers instead of a function's own (`stacks:` of postern.yaml). Limits that it leaves open are the function's. */
export type StandInFunction = FunctionCode & Partial<Limits> & Pick<FunctionSettings, 'environment'>;

/** Lambda's, in seconds. */
export const MAX_TIMEOUT = 900;

/** Lambda's range. */
export const MIN_MEMORY = 128;
export const MAX_MEMORY = 10_240;

export const MAX_CONCURRENCY = 1_000;
export const MAX_QUEUE = 100_000;

export const DEFAULT_LIMITS: Limits = {
  timeout: 3,
  // Lambda's 128 MB are tight for TypeScript and for tools around a function.
  memory: 1024,
  // Lambda's 1000 would be as many processes.
  concurrency: 10,
  // Few instances that are a little late are of more use on one machine than Lambda's 429; 0 is Lambda's way.
  queue: 1_000,
};

/** What the file's extension says the runtime is. */
export const EXTENSIONS: Readonly<Record<'nodejs' | 'python', readonly string[]>> = {
  nodejs: ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'],
  python: ['.py'],
};
