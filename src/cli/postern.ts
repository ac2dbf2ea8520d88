#!/usr/bin/env node
// The entry of the program: finds the command and runs it. What is wrong becomes one sentence and an exit code: 2 for
// the command line and the settings, 1 for everything else.
import { readFileSync } from 'node:fs';
import { argv, env, stderr, stdout } from 'node:process';
import type { Settings } from '../settings.ts';
import { type Command, type Flags, parseCommandLine } from './command-line.ts';
import { createPaint, wantsColour } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const SECOND_SIGNAL_EXIT_CODE = 130;
/** One Ctrl-C can arrive twice: from the terminal and from npm, which passes it on. */
const SAME_SIGNAL_MILLIS = 1000;

async function run(command: Command): Promise<number> {
  switch (command.name) {
    case 'start':
      return start(command.flags);
    case 'doctor': {
      const { runDoctor } = await import('./doctor.ts');
      return runDoctor({
        settings: await settingsFrom(command.flags),
        version: version(),
        json: command.json,
        output: stdout,
        paint: paintFor(stdout),
      });
    }
    case 'explain': {
      const { runExplain } = await import('./explain.ts');
      return runExplain({
        command,
        settings: await settingsFrom(command.flags),
        environment: env,
        output: stdout,
        paint: paintFor(stdout),
      });
    }
    case 'help': {
      const { helpText } = await import('./help.ts');
      stdout.write(helpText(command.topic));
      return 0;
    }
    case 'version':
      stdout.write(`postern ${version()}\n`);
      return 0;
  }
}

/** Serves until a signal ends it. */
async function start(flags: Flags): Promise<number> {
  const settings = await settingsFrom(flags);
  const [{ startPostern }, { createLog }] = await Promise.all([
    import('../main.ts'),
    import('../telemetry/log.ts'),
  ]);
  const colour = wantsColour(stdout.isTTY, env);
  const log = createLog({ level: settings.logLevel, pretty: stdout.isTTY, colour, output: stdout });
  // Before the start, so that a signal during it is not lost.
  const signalled = firstSignal();
  process.on('uncaughtException', (err) => {
    log.error({ err }, 'a defect ends the process');
    process.exit(1);
  });
  const postern = await startPostern(settings, log);
  const { management, gateway, apiEndpoint } = postern;
  if (stdout.isTTY) {
    const { banner } = await import('./banner.ts');
    const open = settings.credentials.length === 0;
    const facts = {
      version: version(),
      management,
      apiEndpoint,
      data: settings.data,
      open,
      region: settings.region,
    };
    stdout.write(banner(facts, createPaint(colour)));
  } else {
    log.info({ version: version(), management, gateway, apiEndpoint, data: settings.data }, 'ready');
  }
  const signal = await signalled;
  const signalledAt = performance.now();
  process.on(signal, () => {
    if (performance.now() - signalledAt > SAME_SIGNAL_MILLIS) process.exit(SECOND_SIGNAL_EXIT_CODE);
  });
  log.info({ signal }, 'draining');
  await postern.close();
  log.info({}, 'stopped');
  return 0;
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

async function settingsFrom(flags: Flags): Promise<Settings> {
  const { resolveSettings } = await import('../settings.ts');
  return resolveSettings({ flags, environment: env, directory: process.cwd() });
}

function paintFor(output: { readonly isTTY?: boolean }): ReturnType<typeof createPaint> {
  return createPaint(wantsColour(output.isTTY === true, env));
}

function version(): string {
  const description: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return description.version;
}

/** Errors whose message is a sentence for whoever typed the command; others show where they come from. */
const SENTENCES = new Set(['UsageError', 'StartError', 'StoreError', 'CommandError']);

function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return SENTENCES.has(error.constructor.name) ? error.message : (error.stack ?? error.message);
}

try {
  process.exitCode = await run(parseCommandLine(argv.slice(2)));
} catch (error) {
  stderr.write(`postern: ${explainFailure(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
