import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition. Throws when it has not come; so long is far more than it takes, but on a machine that does much else. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  millis = 30_000,
): Promise<void> {
  const end = performance.now() + millis;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it did not come in ${millis} ms that ${what}`);
    await pause(25);
  }
}
