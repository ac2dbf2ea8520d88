// What a node leaves for the next start on its data directory: which lease it had, and on which start of the machine. Whoever has the lock of the
// directory knows that the process before is dead, but only where it is the same machine: a volume may have moved while it lives.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../../grammar/json-object.ts';
import { PRIVATE_FILE } from '../../private-files.ts';

const NAME = 'node.json';

/** Undefined where there was none, or not on this start of this machine and in this cluster. */
export async function lastLease(directory: string, cluster: string): Promise<number | undefined> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(join(directory, NAME), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(found)) return undefined;
  const { boot, cluster: of, incarnation } = found;
  const isThis = boot !== undefined && boot === (await bootId()) && of === cluster;
  return isThis && Number.isSafeInteger(incarnation) ? (incarnation as number) : undefined;
}

export async function keepLease(directory: string, cluster: string, incarnation: number): Promise<void> {
  const path = join(directory, NAME);
  const text = `${JSON.stringify({ boot: await bootId(), cluster, incarnation })}\n`;
  await writeFile(`${path}.new`, text, { mode: PRIVATE_FILE });
  await rename(`${path}.new`, path);
}

/** Of this start of the machine; undefined where the system has none. */
async function bootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return text.trim() || undefined;
}
