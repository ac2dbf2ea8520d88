// `postern ready`: whether a server takes clients, for whoever starts it and goes on only then (docs/guide/production.md).
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '../settings/settings.ts';
import { UsageError } from '../settings/usage-error.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import { askProbe } from './door-look.ts';
import { type DoorSettings, doorOf } from './management-call.ts';

export interface ReadyOptions {
  readonly command: Extract<Command, { readonly name: 'ready' }>;
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly output: { write(text: string): unknown };
}

/** Between two questions. */
const AGAIN_MILLIS = 100;
const LONGEST_WAIT_SECONDS = 86_400;

/** Returns the exit code. Throws UsageError, and CommandError with the reason when it is not ready in time. */
export async function runReady({ command, settings, environment, output }: ReadyOptions): Promise<number> {
  const until = performance.now() + waitOf(command.wait) * 1_000;
  const { url } = doorOf(settings, environment, command.endpoint);
  const probe = new URL('/_postern/ready', url);
  for (;;) {
    const answer = await askProbe(probe);
    if (answer?.status === 200) {
      output.write(`The server at ${url.origin} is ready.\n`);
      return 0;
    }
    if (performance.now() >= until) throw new CommandError(sentenceOf(url.origin, answer));
    await pause(AGAIN_MILLIS);
  }
}

function sentenceOf(origin: string, answer: Awaited<ReturnType<typeof askProbe>>): string {
  if (answer === undefined) return `No Postern answers at ${origin}.`;
  return [`The server at ${origin} is not ready.`, ...answer.problems].join(' ');
}

/** Seconds. */
function waitOf(written = '0'): number {
  const seconds = /^\d{1,5}(\.\d{1,3})?$/.test(written) ? Number(written) : Number.NaN;
  if (seconds <= LONGEST_WAIT_SECONDS) return seconds;
  throw new UsageError(
    `--wait is ${JSON.stringify(written)}: it is a number of seconds up to ${LONGEST_WAIT_SECONDS}, for example 30.`,
  );
}
