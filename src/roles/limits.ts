// The limits of a program that shares them with others. One that does not loads nothing for it.
import type { Buckets } from '../stage/throttle.ts';
import type { Opened, RoleMeans } from './role.ts';

/** What throttles take from, where it is not this process's own. */
export interface Limits {
  readonly buckets: Buckets;
  /** Whether they hold for all programs together at present. */
  readonly areShared: boolean;
}

/** Undefined where the program shares its limits with nobody. */
export async function openLimits(
  opened: Opened,
  { settings, clock, log }: RoleMeans,
): Promise<Limits | undefined> {
  const { cluster, certificateAuthorities: ca } = settings.sections;
  const { name, valkey } = cluster;
  if (valkey === undefined) return undefined;
  const { openSharedLimits } = await import('../cluster/limits/shared-limits.ts');
  const limits = await openSharedLimits({ place: valkey, name, ca, clock, log });
  opened.push(() => limits.close());
  return limits;
}
