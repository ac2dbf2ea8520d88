// Instances that speak the Lambda Runtime API: bootstraps of one's own (`provided`), and Python functions by a bootstrap of
// ours (python-child/bootstrap.py).
import { fileURLToPath } from 'node:url';
import type {
  FunctionInstance,
  InstanceMeans,
  InstanceObserver,
  StartInstance,
} from './function-instance.ts';
import { FunctionProcess, type ProcessCommand } from './function-process.ts';
import { RuntimeApi } from './runtime-api.ts';

/** Python is not compiled, so it is not in dist/. */
const PYTHON_CHILD = fileURLToPath(
  new URL('../../../src/functions/python-child/bootstrap.py', import.meta.url),
);
/** A runtime that could not start ends by itself, having written why. */
const INIT_ERROR_MILLIS = 500;

type Command = Pick<ProcessCommand, 'program' | 'args'>;

export const startPythonInstance: StartInstance = (settings, means, observer) =>
  start({ program: 'python3', args: ['-u', PYTHON_CHILD] }, settings.taskRoot, means, observer);

export const startProvidedInstance: StartInstance = (settings, means, observer) =>
  start({ program: settings.file, args: [] }, settings.taskRoot, means, observer);

function start(
  command: Command,
  directory: string,
  means: InstanceMeans,
  observer: InstanceObserver,
): FunctionInstance {
  let document: string | undefined;
  let process: FunctionProcess | undefined;
  let killed = false;
  const api = new RuntimeApi({
    ready: () => observer.ready(),
    answered: (payload, failed) => {
      process?.flush();
      observer.answered(payload, failed);
    },
    initFailed: (failure) => {
      document = failure;
      setTimeout(() => process?.kill(), INIT_ERROR_MILLIS).unref();
    },
  });
  const run = ({ host, port }: { readonly host: string; readonly port: number }): void => {
    if (killed) {
      api.close();
      observer.exited({ code: null, signal: 'SIGKILL' }, undefined);
      return;
    }
    const environment = {
      ...means.environment,
      ...withoutProxy(means.environment, host),
      AWS_LAMBDA_RUNTIME_API: `${host}:${port}`,
    };
    process = new FunctionProcess(
      { ...command, directory, stdio: ['ignore', 'pipe', 'pipe'] },
      { ...means, environment },
      {
        wrote: (stream, line) => observer.wrote(stream, line),
        exited: (exit) => {
          api.close();
          observer.exited(exit, document);
        },
      },
    );
  };
  api.listen().then(run, (error: unknown) => {
    observer.exited({ code: null, signal: null, startError: String(error) }, undefined);
  });
  return {
    call: (call) => api.offer(call),
    kill: () => {
      killed = true;
      process?.kill();
    },
  };
}

/** HTTP clients would ask a proxy for the Runtime API. Both spellings are in use. */
function withoutProxy(environment: InstanceMeans['environment'], host: string): Record<string, string> {
  const own: Record<string, string> = {};
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const given = environment[name];
    own[name] = given === undefined || given === '' ? host : `${given},${host}`;
  }
  return own;
}
