// The entry of the program: finds the command and runs it. What is wrong becomes one sentence and an exit code: 2 for
// the command line and the settings, 1 for everything else.
import { unreachable } from '../defect.ts';
import { UsageError } from '../settings/usage-error.ts';
import { withSourceLines } from '../telemetry/source-lines.ts';
import { type Command, parseCommandLine } from './command-line.ts';
import { readEnvironment, readSettings } from './settings.ts';
import { start } from './start.ts';
import { createPaint, type Paint, wantsColour } from './terminal.ts';
import { version } from './version.ts';

/** Not by importing `node:process`, which asks for standard input too. */
const { argv, stderr, stdout } = process;

async function run(command: Command): Promise<number> {
  switch (command.name) {
    case 'start':
      return start(command.flags, version());
    case 'doctor': {
      const { runDoctor } = await import('./doctor.ts');
      return runDoctor({
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        version: version(),
        json: command.json,
        output: stdout,
        paint: await paintFor(stdout),
      });
    }
    case 'ready': {
      const { runReady } = await import('./ready.ts');
      return runReady({
        command,
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        output: stdout,
      });
    }
    case 'explain': {
      const { runExplain } = await import('./explain.ts');
      return runExplain({
        command,
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        output: stdout,
        paint: await paintFor(stdout),
      });
    }
    case 'connections': {
      const { runConnections } = await import('./connections.ts');
      return runConnections({
        command,
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        output: stdout,
        paint: await paintFor(stdout),
      });
    }
    case 'tail': {
      const { runTail } = await import('./tail.ts');
      return runTail({
        command,
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        output: stdout,
        errors: stderr,
        isTerminal: stdout.isTTY === true,
        paint: await paintFor(stdout),
      });
    }
    case 'template': {
      const { runTemplate } = await import('./template.ts');
      return runTemplate({ command, output: stdout });
    }
    case 'import': {
      const { runImport } = await import('./import.ts');
      return runImport({
        command,
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        output: stdout,
        errors: stderr,
        paint: await paintFor(stdout),
      });
    }
    case 'export': {
      const { runExport } = await import('./export.ts');
      return runExport({
        command,
        settings: await readSettings(command.flags),
        environment: await readEnvironment(),
        output: stdout,
      });
    }
    case 'dev': {
      const { runDev } = await import('./dev/run-dev.ts');
      return runDev(command.words, version());
    }
    case 'deploy':
    case 'stacks':
    case 'delete': {
      const { runStackCommand } = await import('./deploy/run-stack-command.ts');
      return runStackCommand(command.name, command.words, async (flags) => ({
        settings: await readSettings(flags),
        environment: await readEnvironment(),
        cwd: process.cwd(),
        input: process.stdin,
        output: stdout,
        errors: stderr,
        paint: await paintFor(stdout),
      }));
    }
    case 'store': {
      const { runStore } = await import('./store/run-store.ts');
      return runStore(command.words, async (flags) => ({
        settings: await readSettings(flags),
        program: version(),
        input: process.stdin,
        output: stdout,
        errors: stderr,
      }));
    }
    case 'worker': {
      const { runWorker } = await import('./worker-process.ts');
      return runWorker();
    }
    case 'functions-host': {
      const { runFunctionsHost } = await import('./functions-host.ts');
      return runFunctionsHost();
    }
    case 'help': {
      const { helpText } = await import('./help.ts');
      stdout.write(helpText(command.topic));
      return 0;
    }
    case 'version':
      stdout.write(`postern ${version()}, Node.js ${process.versions.node}\n`);
      return 0;
    default:
      unreachable(command);
  }
}

async function paintFor(output: { readonly isTTY?: boolean }): Promise<Paint> {
  return createPaint(wantsColour(output.isTTY === true, await readEnvironment()));
}

/** Errors whose message is a sentence for whoever typed the command; others show where they come from. */
const SENTENCES = new Set(['UsageError', 'StartError', 'StoreError', 'CommandError', 'SourceError']);

function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return SENTENCES.has(error.constructor.name)
    ? error.message
    : withSourceLines(error.stack ?? error.message);
}

// Whoever reads the output may leave before its end (`postern --help | head`); a server stays.
stdout.on('error', () => undefined);

try {
  process.exitCode = await run(parseCommandLine(argv.slice(2)));
} catch (error) {
  stderr.write(`postern: ${explainFailure(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
