// Page tokens of listings: the place in the order of creation that the next page begins behind.
import { createHash } from 'node:crypto';
import { BadPageError } from './store.ts';

/** The token carries a digest over collection and position, so that one from elsewhere is noticed. */
export function printPosition(parent: string, seq: number): string {
  const position = seq.toString(36);
  return Buffer.from(`${position}.${digest(parent, position)}`).toString('base64url');
}

/** Throws BadPageError. */
export function parsePosition(parent: string, token: string): number {
  const [position, check, ...rest] = Buffer.from(token, 'base64url').toString('latin1').split('.');
  const seq = Number.parseInt(position ?? '', 36);
  if (rest.length > 0 || check !== digest(parent, position ?? '') || !Number.isSafeInteger(seq)) {
    throw new BadPageError('The page token is not one of this collection.');
  }
  return seq;
}

function digest(parent: string, position: string): string {
  return createHash('sha256').update(`${position} ${parent}`).digest('base64url').slice(0, 8);
}
