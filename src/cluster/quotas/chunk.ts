// How much of a quota a process takes at a time: much while much is left, one by one towards the end, so that little is lost with a
// process that dies and all is used that may be.

/** The most that a process has in hand of one answer. */
export const MOST_IN_HAND = 100;

/** `left` may be negative, where the limit has been lowered. */
export function chunkOf(left: number, processes: number): number {
  if (left <= 0) return 0;
  return Math.max(1, Math.min(MOST_IN_HAND, Math.floor(left / (4 * processes))));
}
