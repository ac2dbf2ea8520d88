// `postern dev`: a server, a deploy, functions, and a watch over all that they were made of, in one process (spec/definitions.md §12).
import type { Settings } from '../../settings/settings.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { STDIN } from '../../sources/find-source.ts';
import { definitionOf } from '../deploy/definition-options.ts';
import { deployAtStart } from '../deploy/deploy-at-start.ts';
import { notesOf } from '../deploy/run-deploy.ts';
import { STACK_OPTIONS } from '../deploy/stack-options.ts';
import { type Given, readOptions } from '../read-options.ts';
import { readEnvironment, readSettings } from '../settings.ts';
import { firstSignal } from '../signals.ts';
import { createPaint, type Paint, wantsColour } from '../terminal.ts';
import { DevLoop } from './dev-loop.ts';
import { type DevServer, devServer } from './dev-server.ts';

/** Not by importing `node:process`, which asks for the other streams too. */
const { stdout } = process;

const HOUR_MILLIS = 3_600_000;

/** Returns the exit code. Throws UsageError, CommandError, StartError and StoreError. */
export async function runDev(words: readonly string[], version: string): Promise<number> {
  const given = readOptions('postern dev', STACK_OPTIONS.dev, words);
  const { flags } = given;
  const cwd = process.cwd();
  const definition = definitionOf(given, cwd);
  if (definition.source === STDIN) {
    throw new UsageError('postern dev watches what it deploys, and standard input cannot be: name a file.');
  }
  const settings = await readSettings(flags);
  // Before the start, so that a signal during it is not lost.
  const signalled = firstSignal();
  let loop: DevLoop | undefined;
  const server = await devServer(
    { flags, settings, pretty: true, logRequests: true, onReloaded: () => void loop?.changed() },
    flags.get('endpoint'),
  );
  const paint = createPaint(wantsColour(stdout.isTTY, await readEnvironment()));
  stdout.write(headOf(server, version, settings, paint));
  await deployStacksOf(settings, server);
  loop = new DevLoop({
    definition,
    asked: askedOf(given),
    deploy: (request, place) => server.deploy(request, place),
    output: stdout,
    paint,
  });
  // A watch keeps no process alive.
  const held = setInterval(() => undefined, HOUR_MILLIS);
  void loop.changed();
  const signal = await signalled;
  clearInterval(held);
  await loop.close();
  await server.close(signal);
  return 0;
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
  return `${where}  ${paint.dim(what)}\n`;
}

/** Those that postern.yaml names. */
async function deployStacksOf({ sections: { stacks } }: Settings, { own }: DevServer): Promise<void> {
  if (own === undefined) return;
  const { postern, log } = own;
  await deployAtStart({ stacks, deploy: (request, place) => postern.deploy(request, place), log });
}
