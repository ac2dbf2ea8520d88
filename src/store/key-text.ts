// Store keys as text: percent-encoded segments joined with '/', so that text order is tree order and a subtree is one
// range: everything from `key/` up to `key0` ('0' is the character after '/').
import { invariant } from '../defect.ts';
import type { Key } from './store.ts';

const PLAIN = /^[A-Za-z0-9_.~$-]*$/;
const UNPAIRED = /\p{Surrogate}/u;

/** The text of a key. Any segment text survives the way there and back, unpaired surrogates included. */
export function printKey(key: Key): string {
  invariant(key.length > 0, 'a store key has at least one segment');
  let text = '';
  for (let i = 0; i < key.length; i++) text += i === 0 ? printSegment(key[i]!) : `/${printSegment(key[i]!)}`;
  return text;
}

export function parseKey(text: string): Key {
  return text.split('/').map(parseSegment);
}

function printSegment(segment: string): string {
  if (PLAIN.test(segment)) return segment;
  if (!UNPAIRED.test(segment)) return encodeURIComponent(segment);
  return segment.replace(/[^\p{Surrogate}]+|\p{Surrogate}/gu, (run) =>
    UNPAIRED.test(run) ? `%u${run.charCodeAt(0).toString(16)}` : encodeURIComponent(run),
  );
}

export function parseSegment(text: string): string {
  if (!text.includes('%')) return text;
  if (!text.includes('%u')) return decodeURIComponent(text);
  return text
    .split(/(%u[0-9a-f]{4})/)
    .map((run) =>
      run.startsWith('%u') ? String.fromCharCode(Number.parseInt(run.slice(2), 16)) : decodeURIComponent(run),
    )
    .join('');
}
