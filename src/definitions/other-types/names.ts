// Names and ids that a stack gives what it makes (spec/definitions.md §6.1). They come from a hash, so they are the same on
// every machine and after a wiped data directory (Choice D28).
import { createHash } from 'node:crypto';

/** Whose name it is. */
export interface Named {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly logicalId: string;
  /** How often the resource was replaced (§6.1.3); absent for the first. */
  readonly counter?: number;
}

/** Letters and digits in lower case that belong to the resource; at most 40. */
export function hashOf(named: Named, length: number): string {
  return BigInt(`0x${hexOf(named, 64)}`)
    .toString(36)
    .padStart(50, '0')
    .slice(-length);
}

/** Hexadecimal digits that belong to the resource; at most 64. `of` tells apart several of one resource. */
export function hexOf(named: Named, length: number, of = ''): string {
  const { account, region, stackName, logicalId, counter = 0 } = named;
  const parts = [account, region, stackName, logicalId, ...(counter > 0 ? [String(counter)] : [])];
  const text = JSON.stringify(of === '' ? parts : [...parts, { of }]);
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** In the form of a UUID. */
export function uuidOf(named: Named): string {
  const hex = hexOf(named, 32);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return parts.join('-');
}

const HASH_LENGTH = 12;

/** `{stack}-{logicalId}-{12 letters and digits}` of at most `limit` characters: stack and logical id are shortened, the twelve
 *  never (§6.1.1). */
export function physicalName(named: Named, limit: number): string {
  const room = limit - HASH_LENGTH - 2;
  const { stackName, logicalId } = named;
  // Each has half of the room, and what the other does not need.
  const forId = Math.min(logicalId.length, Math.max(Math.ceil(room / 2), room - stackName.length));
  const forStack = Math.min(stackName.length, room - forId);
  return `${stackName.slice(0, forStack)}-${logicalId.slice(0, forId)}-${hashOf(named, HASH_LENGTH)}`;
}
