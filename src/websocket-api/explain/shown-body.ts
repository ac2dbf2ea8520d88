// Bodies and frames as traces show them.
import { textOrBytes } from '../bytes.ts';
import type { ShownBody } from './trace.ts';

const SHOWN_CHARACTERS = 65_536;
/** As many bytes as that many characters of base64 are. */
const SHOWN_BYTES = (SHOWN_CHARACTERS / 4) * 3;

export function shownBody(data: string | Buffer): ShownBody {
  const bodyBytes = Buffer.byteLength(data);
  const known = typeof data === 'string' ? data : textOrBytes(data);
  return typeof known === 'string'
    ? { body: known.slice(0, SHOWN_CHARACTERS), bodyBytes }
    : { body: known.toString('base64', 0, SHOWN_BYTES), bodyBytes, isBase64Encoded: true };
}
