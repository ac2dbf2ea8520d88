// The commands about stacks in this process, as the command line runs them, against a server that is there.
import { Readable, Writable } from 'node:stream';
import type { StackCommandName } from '../../src/cli/command-options.ts';
import { runStackCommand } from '../../src/cli/deploy/run-stack-command.ts';
import { createPaint } from '../../src/cli/terminal.ts';
import { UsageError } from '../../src/settings/usage-error.ts';
import { testSettings } from './postern.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly endpoint: string;
  readonly cwd: string;
  /** What is typed when it asks. */
  readonly input?: string;
}

/** Runs `postern NAME WORDS`. */
export async function runStackWords(
  name: StackCommandName,
  words: readonly string[],
  { endpoint, cwd, input = '' }: CommandOptions,
): Promise<CommandOutcome> {
  const [output, errors] = [new Written(), new Written()];
  const outcome = (code: number): CommandOutcome => ({ code, stdout: output.text, stderr: errors.text });
  const meansOf = async () => ({
    settings: testSettings(cwd),
    environment: {},
    cwd,
    input: Readable.from([input]),
    output,
    errors,
    paint: createPaint(false),
  });
  try {
    return outcome(await runStackCommand(name, [...words, '--endpoint', endpoint], meansOf));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    errors.write(`postern: ${error.message}\n`);
    return outcome(error instanceof UsageError ? 2 : 1);
  }
}

class Written extends Writable {
  text = '';

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}
