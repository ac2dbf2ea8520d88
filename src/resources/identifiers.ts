// Generated identifiers (spec/management-api.md §1.6).
import { randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A random identifier of lower-case letters and digits. */
export function randomId(length: number): string {
  let id = '';
  for (let i = 0; i < length; i++) id += ALPHABET[randomInt(ALPHABET.length)]!;
  return id;
}

/** An identifier for which `isTaken` says no. */
export async function unusedId(length: number, isTaken: (id: string) => Promise<boolean>): Promise<string> {
  let id = randomId(length);
  while (await isTaken(id)) id = randomId(length);
  return id;
}
