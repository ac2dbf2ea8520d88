// What the person at the command line got wrong, as a sentence: what, where, what would be right. Exit code 2.
import { nearest } from '../grammar/nearest.ts';

export class UsageError extends Error {}

/** `Did you mean "listen"? ` when one of the names is a slip of the finger away, else nothing. */
export function suggestion(written: string, names: Iterable<string>): string {
  const best = nearest(written, names);
  return best === undefined ? '' : ` Did you mean ${best}?`;
}
