// `startPostern` of `postern/testing`: the program in the test's own process, on free ports and on nothing that stays.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH_FORM_PREFIX } from '../gateway/addressing.ts';
import { startPostern as startProgram } from '../main.ts';
import type { Address } from '../settings/address.ts';
import { resolveSettings, type Settings } from '../settings/settings.ts';
import { UsageError } from '../settings/usage-error.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { FaultSwitches } from './faults.ts';
import type { LogLine, StartOptions, TestPostern } from './interface.ts';
import { NOTHING, RecordedStore, type Recording } from './recorded-store.ts';
import { ManualClock } from './test-clock.ts';

const LOOPBACK: Address = { host: '127.0.0.1', port: 0 };
/** What requests and connections that are open at the end may take. */
const CLOSE_MILLIS = 1_000;
/** What integrations may take to hear of the ends of connections. */
const RESET_MILLIS = 1_000;
const SILENT: Log = () => {};

/** Of the instances that run. */
const directories = new Set<string>();

/** For tests that end without closing. */
function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

/** Starts Postern. Throws an Error whose message is a sentence when the settings are wrong. */
export async function startPostern(options: StartOptions = {}): Promise<TestPostern> {
  const data = await mkdtemp(join(tmpdir(), 'postern-testing-'));
  if (directories.size === 0) process.on('exit', removeAll);
  directories.add(data);
  const remove = async (): Promise<void> => {
    await rm(data, { recursive: true, force: true });
    directories.delete(data);
    if (directories.size === 0) process.off('exit', removeAll);
  };
  try {
    return await start(await settingsOf(options, data), logOf(options), remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function start(settings: Settings, log: Log, remove: () => Promise<void>): Promise<TestPostern> {
  const clock = new ManualClock();
  const faults = new FaultSwitches(clock);
  const store = new RecordedStore(await openSqliteStore({ directory: settings.data }));
  const program = await startProgram(settings, log, {
    clock,
    interposed: faults,
    store,
    // Not every machine knows the names.
    namesResolve: Promise.resolve(false),
  });
  const points = new Map<string, Recording>();
  let closing: Promise<void> | undefined;
  const url = (apiId: string, stage: string): string =>
    `${program.gateway}${PATH_FORM_PREFIX}${apiId}${stage === '$default' ? '' : `/${stage}`}`;
  return {
    management: program.management,
    gateway: program.gateway,
    awsConfig: {
      endpoint: program.management,
      region: settings.region,
      credentials: settings.credentials[0] ?? { accessKeyId: 'any', secretAccessKey: 'any' },
    },
    async deploy(source, options = {}) {
      const { deployDefinition } = await import('./deploy.ts');
      return deployDefinition(source, options, (request) => program.deploy(request));
    },
    url: (apiId, stage = '$default') => url(apiId, stage),
    wsUrl: (apiId, stage) => url(apiId, stage).replace(/^http/, 'ws'),
    clock,
    faults,
    mark: (point) => void points.set(point, store.recording),
    async reset(point) {
      const recording = point === undefined ? NOTHING : points.get(point);
      if (recording === undefined) throw new Error(unmarked(point!, [...points.keys()]));
      faults.clear();
      clock.reset();
      // Their ends are told while their stages are there.
      await program.forget(RESET_MILLIS);
      // What is compiled goes with its documents, and with it all that it remembers.
      await store.emptyFor(recording);
      await program.caughtUp();
      if (recording.size === 0) return;
      await store.restore(recording);
      await program.caughtUp();
    },
    close() {
      closing ??= program.close(CLOSE_MILLIS).finally(remove);
      return closing;
    },
  };
}

function unmarked(point: string, marked: readonly string[]): string {
  const known = marked.length === 0 ? 'none was marked' : `there are ${marked.join(', ')}`;
  return `There is no point ${JSON.stringify(point)} to go back to: ${known}. mark(${JSON.stringify(point)}) makes it.`;
}

async function settingsOf({ config, settings }: StartOptions, data: string): Promise<Settings> {
  if (config !== undefined && settings !== undefined) {
    throw new UsageError('config and settings exclude each other: a file, or an object that says the same.');
  }
  const resolved = await resolveSettings({
    flags: new Map([['data', data], ...(config === undefined ? [] : [['config', config] as const])]),
    environment: {},
    directory: process.cwd(),
    ...(settings === undefined
      ? {}
      : { written: { name: 'settings', text: JSON.stringify(settings, undefined, 2) } }),
  });
  return {
    ...resolved,
    doors:
      resolved.doors.kind === 'shared'
        ? { kind: 'shared', address: LOOPBACK }
        : { kind: 'separate', management: LOOPBACK, gateway: LOOPBACK },
    metrics: undefined,
  };
}

function logOf({ logs }: StartOptions): Log {
  if (logs === undefined) return SILENT;
  if (typeof logs === 'string') {
    return createLog({ level: logs, pretty: true, colour: false, output: process.stderr });
  }
  return createLog({
    level: 'debug',
    pretty: false,
    colour: false,
    output: { write: (line) => logs(JSON.parse(line) as LogLine) },
  });
}
