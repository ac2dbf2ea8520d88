// `postern dev`: a server, a deploy, functions, and a watch over all that they were made of, in one process (spec/definitions.md §12).
import type { Settings } from '../../settings/settings.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { STDIN } from '../../sources/find-source.ts';
import { CommandError } from '../command-error.ts';
import type { Flags } from '../command-line.ts';
import { definitionOf } from '../deploy/definition-options.ts';
import { deployAtStart } from '../deploy/deploy-at-start.ts';
import { notesOf } from '../deploy/run-deploy.ts';
import { STACK_OPTIONS } from '../deploy/stack-options.ts';
import { type Given, readOptions } from '../read-options.ts';
import { inOneProcess } from '../server.ts';
import { readEnvironment, readSettings } from '../settings.ts';
import { endSignals } from '../signals.ts';
import { createPaint, type Paint, wantsColour } from '../terminal.ts';
import { buildOf } from './build-of.ts';
import { DevLoop, QUIET_MILLIS } from './dev-loop.ts';
import { type DevServer, devServer } from './dev-server.ts';
import { RootListener } from './root-listener.ts';

/** Not by importing `node:process`, which asks for the other streams too. */
const { stdout } = process;

const HOUR_MILLIS = 3_600_000;

/** Returns the exit code. Throws UsageError, CommandError, StartError and StoreError. */
export async function runDev(words: readonly string[], version: string): Promise<number> {
  const given = readOptions('postern dev', STACK_OPTIONS.dev, words);
  const { flags } = given;
  const cwd = process.cwd();
  const definition = { ...definitionOf(given, cwd), fromSources: true };
  if (definition.source === STDIN) {
    throw new UsageError('postern dev watches what it deploys, and standard input cannot be: name a file.');
  }
  requireTogether(given, 'watch', 'build');
  requireTogether(given, 'api', 'port');
  const [port, debugFrom] = [portOf('port', flags), portOf('debug', flags)];
  const settings = await readSettings(flags);
  // Before the start, so that a signal during it is not lost.
  const signals = endSignals();
  let loop: DevLoop | undefined;
  const server = await devServer(
    {
      start: inOneProcess,
      ...{ flags, settings, pretty: true, logRequests: true, liveRequests: 'always' as const },
      debugFrom,
      signals,
      onReloaded: () => void loop?.changed(),
    },
    flags.get('endpoint'),
  );
  const paint = createPaint(wantsColour(stdout.isTTY, await readEnvironment()));
  stdout.write(headOf(server, version, settings, paint));
  await deployStacksOf(settings, server);
  const root = await rootListener(port, given, server);
  loop = new DevLoop({
    definition,
    build: await buildOf(given, {
      ...{ settings, source: definition.source, cwd, quietMillis: QUIET_MILLIS, output: stdout, paint },
      onChange: () => void loop?.sourcesChanged(),
    }),
    onDeployed(endpoints) {
      const said = root?.lead(endpoints);
      if (said !== undefined) stdout.write(rootText(said, paint));
    },
    asked: askedOf(given),
    deploy: (request, place) => server.deploy(request, place),
    output: stdout,
    paint,
  });
  // A watch keeps no process alive.
  const held = setInterval(() => undefined, HOUR_MILLIS);
  void loop.changed();
  const signal = await signals.first;
  clearInterval(held);
  await loop.close();
  await server.close(signal);
  return 0;
}

/** Throws UsageError. */
function portOf(flag: string, flags: Flags): number | undefined {
  const text = flags.get(flag);
  if (text === undefined || (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536)) {
    return text === undefined ? undefined : Number(text);
  }
  throw new UsageError(`--${flag} is ${JSON.stringify(text)}: it is a port, a number from 1 to 65535.`);
}

/** Throws UsageError. */
function requireTogether({ flags, repeated }: Given, flag: string, other: string): void {
  if ((flags.has(flag) || repeated.has(flag)) && !flags.has(other)) {
    throw new UsageError(`--${flag} says something about --${other}, which is not there.`);
  }
}

/** Throws StartError, and CommandError where the server is another's. */
async function rootListener(
  port: number | undefined,
  { flags }: Given,
  { own, address }: DevServer,
): Promise<RootListener | undefined> {
  if (port === undefined) return undefined;
  if (own === undefined) {
    throw new CommandError(
      `--port opens a listener of a server that "postern dev" starts, and one runs already at ${address}: end that one.`,
    );
  }
  const listener = new RootListener(flags.get('api'));
  await listener.open(own.postern, port);
  return listener;
}

function rootText({ text, isWrong }: NonNullable<ReturnType<RootListener['lead']>>, paint: Paint): string {
  return isWrong ? `${paint.red('error')}    ${text}\n` : `  ${paint.bold(text)}\n\n`;
}

function askedOf(given: Given) {
  return { strict: given.switches.has('strict'), notes: notesOf(given) };
}

function headOf({ own, address }: DevServer, version: string, { data }: Settings, paint: Paint): string {
  const where = `${paint.bold('Postern')} ${version}  ${paint.cyan(address)}`;
  const what =
    own === undefined
      ? 'runs already, and is used; what functions and requests say is in its log'
      : `state in ${data}, Ctrl-C stops`;
  return `${where}  ${paint.dim(what)}\nConsole  ${paint.cyan(`${address}/_postern/console/`)}\n`;
}

/** Those that postern.yaml names. */
async function deployStacksOf({ sections: { stacks } }: Settings, { own }: DevServer): Promise<void> {
  if (own === undefined) return;
  const { postern, log } = own;
  await deployAtStart({ stacks, deploy: (request, place) => postern.deploy(request, place), log });
}
