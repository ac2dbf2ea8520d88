// The process that runs the functions of a machine where APIs are served by several: one that a server starts for itself.
import { fstatSync } from 'node:fs';
import { UsageError } from '../settings/usage-error.ts';
import { IGNORED } from './worker-process.ts';

/** Serves for as long as the primary wants. Throws UsageError where there is none. */
export async function runFunctionsHost(): Promise<number> {
  if (!hasPrimary()) {
    throw new UsageError(
      'postern functions-host is what a server starts for itself: postern start --workers 2 starts one where there are functions.',
    );
  }
  for (const signal of IGNORED) process.on(signal, () => undefined);
  const { serveFunctions } = await import('../functions-process.ts');
  serveFunctions();
  return 0;
}

/** Who started it speaks over a socket. */
function hasPrimary(): boolean {
  try {
    return fstatSync(3).isSocket();
  } catch {
    return false;
  }
}
