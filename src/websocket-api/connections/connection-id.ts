// Connection ids: 11 bytes as 15 characters of URL-safe base64 and `=`. The first two bytes name the process that holds the
// socket, so that any process can find it (spec/websocket-api.md §1.11.1; decision 0012).
import { randomFillSync } from 'node:crypto';

const BYTES = 11;
const PROCESS_BYTES = 2;
const PATTERN = /^[A-Za-z0-9_-]{15}=$/;
const bytes = Buffer.alloc(BYTES);

/** `processNumber` from 0 to 65,535. */
export function newConnectionId(processNumber: number): string {
  randomFillSync(bytes, PROCESS_BYTES);
  bytes.writeUInt16BE(processNumber, 0);
  return `${bytes.toString('base64url')}=`;
}

export function isConnectionId(text: string): boolean {
  return PATTERN.test(text);
}

/** The process that a well-formed id names. */
export function processOf(connectionId: string): number {
  return (
    (digitOf(connectionId.charCodeAt(0)) << 10) |
    (digitOf(connectionId.charCodeAt(1)) << 4) |
    (digitOf(connectionId.charCodeAt(2)) >> 2)
  );
}

/** Of a character of URL-safe base64: for every call that is passed on this is asked, without a buffer. */
function digitOf(code: number): number {
  if (code >= 97) return code - 71;
  if (code === 95) return 63;
  if (code >= 65) return code - 65;
  return code === 45 ? 62 : code + 4;
}
