// `postern start`: the one command that knows the composition root and the settings. Both are loaded when needed.
import type { Environment, Settings } from '../settings/settings.ts';
import type { Flags } from './command-line.ts';
import { LOCAL_NAMES, nameProblem } from './endpoint-names.ts';
import { createPaint, wantsColour } from './terminal.ts';

/** Not by importing `node:process`, which asks for the other streams too. */
const { stdout } = process;

const SECOND_SIGNAL_EXIT_CODE = 130;
/** One Ctrl-C can arrive twice: from the terminal and from npm, which passes it on. */
const SAME_SIGNAL_MILLIS = 1000;

/** Serves until a signal ends it. */
export async function start(flags: Flags, version: string): Promise<number> {
  const settings = await readSettings(flags);
  const [{ startPostern }, { createLog }, { RequestLog }] = await Promise.all([
    import('../main.ts'),
    import('../telemetry/log.ts'),
    import('../telemetry/request-log.ts'),
  ]);
  const colour = wantsColour(stdout.isTTY, await readEnvironment());
  const style = { pretty: stdout.isTTY, colour, output: stdout };
  const log = createLog({ level: settings.logLevel, ...style });
  const { logRequests = stdout.isTTY && ['debug', 'info'].includes(settings.logLevel) } = settings;
  const requestLog = logRequests ? new RequestLog({ ...style, log }) : undefined;
  // Before the start, so that a signal during it is not lost.
  const signalled = firstSignal();
  process.on('uncaughtException', (err) => {
    requestLog?.flush();
    log('program.failed', { err });
    process.exit(1);
  });
  const { doors } = settings;
  const listening = doors.kind === 'shared' ? doors.address : doors.gateway;
  const problem = settings.apiEndpoint === undefined ? nameProblem(LOCAL_NAMES, listening) : undefined;
  const postern = await startPostern(settings, log, {
    requestLog,
    ...(problem === undefined ? {} : { namesResolve: problem.then((found) => found === undefined) }),
  });
  const { ConfigReload } = await import('../settings/config-reload.ts');
  const reload = new ConfigReload({
    read: () => readSettings(flags),
    take: (next) => postern.reload(next),
    file: await fileOfSettings(flags),
    log,
  });
  // On a terminal it means that the terminal is gone.
  if (!stdout.isTTY) {
    process.on('SIGHUP', () => {
      postern.reopenLogs();
      reload.reload();
    });
  }
  const { management, gateway, metrics, apiEndpoint } = postern;
  if (stdout.isTTY) {
    const { banner } = await import('./banner.ts');
    const open = settings.credentials.length === 0;
    const facts = {
      version,
      management,
      metrics,
      apiEndpoint,
      nameProblem: await problem,
      data: settings.data,
      open,
      region: settings.region,
    };
    stdout.write(banner(facts, createPaint(colour)));
  } else {
    log('program.ready', {
      version,
      management,
      gateway,
      ...(metrics === undefined ? {} : { metrics }),
      apiEndpoint,
      data: settings.data,
    });
  }
  const { stacks } = settings.sections;
  if (Array.from(stacks.values()).some(({ source }) => source !== undefined)) {
    const { deployAtStart } = await import('./deploy/deploy-at-start.ts');
    await deployAtStart({ stacks, deploy: (request) => postern.deploy(request), log });
  }
  const signal = await signalled;
  log('program.draining', { signal });
  reload.close();
  await postern.close();
  log('program.stopped', {});
  return 0;
}

/** Resolves with the first signal to end; a later one ends the process at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const take = (signal: NodeJS.Signals): void => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > SAME_SIGNAL_MILLIS) process.exit(SECOND_SIGNAL_EXIT_CODE);
      resolve(signal);
    };
    process.on('SIGTERM', take);
    process.on('SIGINT', take);
  });
}

/** The settings that flags, environment and configuration file come to. Throws UsageError. */
export async function readSettings(flags: Flags): Promise<Settings> {
  const { environmentOfProcess, resolveSettings } = await import('../settings/settings.ts');
  return resolveSettings({ flags, environment: environmentOfProcess(), directory: process.cwd() });
}

/** Absolute path of the configuration file, if there is one. */
async function fileOfSettings(flags: Flags): Promise<string | undefined> {
  const { configFileOf, environmentOfProcess } = await import('../settings/settings.ts');
  return configFileOf({ flags, environment: environmentOfProcess(), directory: process.cwd() });
}

export async function readEnvironment(): Promise<Environment> {
  const { environmentOfProcess } = await import('../settings/settings.ts');
  return environmentOfProcess();
}
