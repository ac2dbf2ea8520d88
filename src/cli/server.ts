// The server of `postern start` and `postern dev`: the composition root with its log and the configuration file that it follows. They
// are loaded when needed.
import { fileURLToPath } from 'node:url';
import type { OneProcess, Postern, StartMeans } from '../main.ts';
import type { Settings } from '../settings/settings.ts';
import type { Log } from '../telemetry/log.ts';
import { type Flags, FUNCTIONS_HOST, WORKER } from './command-line.ts';
import { LOCAL_NAMES, nameProblem } from './endpoint-names.ts';
import { fileOfSettings, readEnvironment, readSettings } from './settings.ts';
import type { EndSignals } from './signals.ts';
import { wantsColour } from './terminal.ts';

/** Not by importing `node:process`, which asks for the other streams too. */
const { stdout } = process;

/** What is left for what runs when it is to be quick. */
const HASTENED_MILLIS = 1_000;

export interface ServerOptions<P extends Postern = Postern> {
  /** Starts what serves: `inOneProcess` or `withWorkers`. */
  readonly start: StartProgram<P>;
  readonly flags: Flags;
  /** What the flags and their surroundings come to. */
  readonly settings: Settings;
  /** The second one hastens the end. */
  readonly signals: EndSignals;
  /** Log lines for people instead of programs. */
  readonly pretty: boolean;
  /** Whether requests have lines where the settings do not say. */
  readonly logRequests: boolean;
  /** When requests are kept to be looked at, where the settings do not say. */
  readonly liveRequests?: StartMeans['liveRequests'];
  /** The first of the ports at which debuggers attach to Node.js functions. */
  readonly debugFrom?: number | undefined;
  /** Called when other settings have been taken over. */
  readonly onReloaded?: () => void;
}

interface Started extends StartMeans {
  readonly output: { readonly pretty: boolean; readonly colour: boolean; readonly logsRequests: boolean };
}

type StartProgram<P extends Postern> = (settings: Settings, log: Log, means: Started) => Promise<P>;

/** The file that workers are started with. */
const PROGRAM = fileURLToPath(new URL('./bin.js', import.meta.url));

export const inOneProcess: StartProgram<OneProcess> = async (settings, log, means) => {
  const { startPostern } = await import('../main.ts');
  if (settings.workers > 1) log('workers.none', { workers: settings.workers });
  return startPostern(settings, log, means);
};

export const withWorkers: StartProgram<Postern> = async (settings, log, means) => {
  const { startPrimary } = await import('../primary.ts');
  return startPrimary(settings, log, {
    ...means,
    program: { exec: PROGRAM, args: [WORKER] },
    functionsProgram: { exec: PROGRAM, args: [FUNCTIONS_HOST] },
    onFailure(reason) {
      means.requestLog?.flush();
      log('workers.failed', { reason });
      process.exit(1);
    },
  });
};

export interface Server<P extends Postern = Postern> {
  readonly postern: P;
  readonly log: Log;
  /** Whether the output shows colours. */
  readonly colour: boolean;
  /** Why default endpoints have the path form, where they do. */
  readonly nameProblem: string | undefined;
  /** Lets what runs come to its end, for `deadlineMillis` at most, then closes everything. */
  close(signal: NodeJS.Signals, deadlineMillis?: number): Promise<void>;
}

export type LoneServer = Server<OneProcess>;
export type LoneServerOptions = ServerOptions<OneProcess>;

/** Throws StartError and StoreError; nothing is left open then. */
export async function openServer<P extends Postern>(options: ServerOptions<P>): Promise<Server<P>> {
  const { flags, settings, pretty } = options;
  const [{ createLog }, { RequestLog }] = await Promise.all([
    import('../telemetry/log.ts'),
    import('../telemetry/request-log.ts'),
  ]);
  const colour = wantsColour(stdout.isTTY, await readEnvironment());
  const style = { pretty, colour, output: stdout };
  const log = createLog({ level: settings.logLevel, ...style });
  const { logRequests = options.logRequests && ['debug', 'info'].includes(settings.logLevel) } = settings;
  const requestLog = logRequests ? new RequestLog({ ...style, log }) : undefined;
  process.on('uncaughtException', (err) => {
    requestLog?.flush();
    log('program.failed', { err });
    process.exit(1);
  });
  const { doors } = settings;
  const listening = doors.kind === 'shared' ? doors.address : doors.gateway;
  const problem = settings.apiEndpoint === undefined ? nameProblem(LOCAL_NAMES, listening) : undefined;
  const startMeans: Started = {
    output: { pretty, colour, logsRequests: logRequests },
    requestLog,
    debugFrom: options.debugFrom,
    liveRequests: options.liveRequests,
    ...(problem === undefined ? {} : { namesResolve: problem.then((found) => found === undefined) }),
  };
  const postern = await options.start(settings, log, startMeans);
  const { ConfigReload } = await import('../settings/config-reload.ts');
  const reload = new ConfigReload({
    read: () => readSettings(flags),
    async take(next) {
      const reloaded = await postern.reload(next);
      if (reloaded.changed.length > 0) options.onReloaded?.();
      return reloaded;
    },
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
  return {
    postern,
    log,
    colour,
    nameProblem: await problem,
    async close(signal, deadlineMillis) {
      log('program.draining', { signal });
      void options.signals.second.then(() => postern.hasten(HASTENED_MILLIS));
      reload.close();
      await postern.close(deadlineMillis);
      log('program.stopped', {});
    },
  };
}
