// The commands about stacks: their words are read by the tables of stack-options.ts, and each has a file.
import { unreachable } from '../../defect.ts';
import type { Environment } from '../../settings/settings.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { SourceError } from '../../sources/source-error.ts';
import { CommandError } from '../command-error.ts';
import type { Flags } from '../command-line.ts';
import type { StackCommandName } from '../command-options.ts';
import type { DoorSettings } from '../management-call.ts';
import { type Given, readOptions } from '../read-options.ts';
import type { Paint } from '../terminal.ts';
import { STACK_OPTIONS } from './stack-options.ts';

export interface StackCommandMeans {
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly cwd: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: { write(text: string): unknown };
  readonly errors: NodeJS.WritableStream;
  readonly paint: Paint;
}

/** Returns the exit code. Throws UsageError, SourceError and CommandError. */
export async function runStackCommand(
  name: StackCommandName,
  words: readonly string[],
  meansOf: (flags: Flags) => Promise<StackCommandMeans>,
): Promise<number> {
  const given = readOptions(`postern ${name}`, STACK_OPTIONS[name], words);
  const means = await meansOf(given.flags);
  if (!given.switches.has('json')) return run(name, given, means);
  try {
    return await run(name, given, means);
  } catch (error) {
    // Whoever reads JSON gets a document whatever happens; people get the sentence too.
    const isSentence = error instanceof CommandError || error instanceof SourceError;
    if (isSentence || error instanceof UsageError) {
      means.output.write(`${JSON.stringify({ outcome: 'failed', message: error.message }, undefined, 2)}\n`);
    }
    throw error;
  }
}

async function run(name: StackCommandName, given: Given, means: StackCommandMeans): Promise<number> {
  switch (name) {
    case 'deploy': {
      const { runDeploy } = await import('./run-deploy.ts');
      return runDeploy(given, means);
    }
    case 'stacks': {
      const { runStacks } = await import('./run-stacks.ts');
      return runStacks(given, means);
    }
    case 'delete': {
      const { runDelete } = await import('./run-delete.ts');
      return runDelete(given, means);
    }
    default:
      return unreachable(name);
  }
}
