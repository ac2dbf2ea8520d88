// A worker of `postern start --workers N`: a process that a server starts for itself.
import cluster from 'node:cluster';
import { UsageError } from '../settings/usage-error.ts';

/** Signals are for the primary, which tells its workers: a terminal sends them to all. */
export const IGNORED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** Serves for as long as the primary wants. Throws UsageError where there is none. */
export async function runWorker(): Promise<number> {
  if (!cluster.isWorker) {
    throw new UsageError(
      'postern worker is what a server starts for itself: postern start --workers 2 starts one with two of them.',
    );
  }
  for (const signal of IGNORED) process.on(signal, () => undefined);
  const { serveAsWorker } = await import('../worker.ts');
  serveAsWorker(process.stdout);
  return 0;
}
