// Local functions for tests: files in a directory of their own, configured by the text of a postern.yaml.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { InvocationOutcome, LambdaFunction } from '../../src/backends/lambda-function.ts';
import { createLocalFunctions, type LocalFunctions } from '../../src/functions/local-functions.ts';
import { parseFunctionUri } from '../../src/grammar/arn.ts';
import { parseConfig } from '../../src/settings/config-file.ts';
import { environmentOfProcess } from '../../src/settings/settings.ts';
import { logTo } from './logged.ts';

export interface TestFunctions {
  readonly directory: string;
  readonly functions: LocalFunctions;
  /** Log lines with their fields, oldest first. */
  readonly logged: readonly LogLine[];
  /** The function, by name, alias or ARN. */
  find(name: string): LambdaFunction;
  /** Calls with an event that is made JSON. */
  call(name: string, event?: unknown, options?: CallOptions): Promise<InvocationOutcome>;
  /** Calls and returns the parsed answer; throws with the outcome when it is not `returned`. */
  answer(name: string, event?: unknown, options?: CallOptions): Promise<unknown>;
  /** The parsed error document; throws when it is not `functionError`. */
  failure(name: string, event?: unknown, options?: CallOptions): Promise<ErrorDocument>;
  /** Resolves with the first log line, or the one of a number, now or later, that has this in its message or fields. */
  untilLogged(text: string, number?: number): Promise<LogLine>;
  write(name: string, text: string): Promise<void>;
}

export interface CallOptions {
  readonly type?: 'RequestResponse' | 'Event';
  readonly timeoutInMillis?: number;
  readonly requestId?: string;
  readonly traceId?: string;
}

export type LogLine = { readonly message: string; readonly [field: string]: unknown };

export interface ErrorDocument {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
  readonly stackTrace?: readonly string[];
}

export const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:';

/** `files` by path; those named `bootstrap` are executable. Closed and deleted with the test. */
export async function startFunctions(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  yaml: string,
  environment: Readonly<Record<string, string | undefined>> = { PATH: pathOfProcess() },
): Promise<TestFunctions> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-functions-'));
  const write = async (name: string, text: string): Promise<void> => {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    if (name.endsWith('bootstrap')) await chmod(path, 0o755);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const { sections } = parseConfig(yaml, 'postern.yaml', directory);
  const logged: LogLine[] = [];
  const waiting = new Set<(line: LogLine) => void>();
  const log = logTo(({ message, fields }) => {
    const line = { ...fields, message };
    logged.push(line);
    for (const look of waiting) look(line);
  });
  const functions = createLocalFunctions(sections.functions, { region: 'us-east-1', environment, log });
  t.after(async () => {
    await functions.close(0);
    await rm(directory, { recursive: true, force: true });
  });
  const find = (name: string): LambdaFunction => {
    const uri = parseFunctionUri(name.startsWith('arn:') ? name : ARN + name);
    const found = functions.find(uri.function);
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found;
  };
  const call: TestFunctions['call'] = (name, event = {}, options = {}) =>
    find(name).invoke({
      event: JSON.stringify(event),
      type: 'RequestResponse',
      timeoutInMillis: 60_000,
      requestId: 'JKJaXmPLvHcESHA=',
      ...options,
      traceId: options.traceId,
    });
  return {
    directory,
    functions,
    logged,
    find,
    call,
    write,
    async answer(name, event, options) {
      const outcome = await call(name, event, options);
      if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
      return JSON.parse(outcome.payload);
    },
    async failure(name, event, options) {
      const outcome = await call(name, event, options);
      if (outcome.kind !== 'functionError') throw new Error(JSON.stringify(outcome));
      return JSON.parse(outcome.payload) as ErrorDocument;
    },
    untilLogged: (text, number = 1) =>
      new Promise((resolve) => {
        let found = 0;
        const look = (line: LogLine): void => {
          if (!JSON.stringify(line).includes(text) || ++found !== number) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        for (const line of [...logged]) look(line);
      }),
  };
}

/** Where `node` and `python3` are. */
function pathOfProcess(): string | undefined {
  return environmentOfProcess().PATH;
}
