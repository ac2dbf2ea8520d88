// `postern start`: serves until a signal ends it.
import type { Flags } from './command-line.ts';
import { inOneProcess, openServer, withWorkers } from './server.ts';
import { readSettings } from './settings.ts';
import { endSignals } from './signals.ts';
import { createPaint } from './terminal.ts';

/** Not by importing `node:process`, which asks for the other streams too. */
const { stdout } = process;

/** Returns the exit code. Throws UsageError, StartError and StoreError. */
export async function start(flags: Flags, version: string): Promise<number> {
  const settings = await readSettings(flags);
  // Before the start, so that a signal during it is not lost.
  const signals = endSignals();
  const { isTTY } = stdout;
  const server = await openServer({
    ...{ flags, settings, signals, pretty: isTTY, logRequests: isTTY },
    start: settings.workers > 1 ? withWorkers : inOneProcess,
  });
  const { postern, log, colour, nameProblem } = server;
  const { management, gateway, metrics, apiEndpoint, filled } = postern;
  const { data, region, workers } = settings;
  if (filled !== undefined) {
    log('program.waiting', { management, gateway, data });
    const ended = await Promise.race([filled, signals.first]);
    if (ended !== undefined) {
      await server.close(ended);
      return 0;
    }
  }
  const { node } = postern;
  if (isTTY) {
    const { banner } = await import('./banner.ts');
    const open = settings.credentials.length === 0;
    const facts = { version, management, metrics, apiEndpoint, nameProblem, data, open, region };
    stdout.write(banner({ ...facts, workers, node }, createPaint(colour)));
  } else {
    log('program.ready', {
      version,
      management,
      gateway,
      ...(metrics === undefined ? {} : { metrics }),
      apiEndpoint,
      data,
      workers,
      ...(node === undefined ? {} : { node }),
    });
  }
  const { stacks } = settings.sections;
  if (Array.from(stacks.values()).some(({ source }) => source !== undefined)) {
    const { deployAtStart } = await import('./deploy/deploy-at-start.ts');
    await deployAtStart({ stacks, deploy: (request, place) => postern.deploy(request, place), log });
  }
  await server.close(await signals.first);
  return 0;
}
