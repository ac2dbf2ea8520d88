// Start lines and framing of replies, and the codec's own refusals (RFC 9112 §4, §6; spec/http-api.md §0.5, §14).
import { invariant } from '../../defect.ts';
import { type Refusal, refusalLines } from '../refusals.ts';

/** By status less 200; filled by the first reply. */
const statusLines: string[] = [];

function fillStatusLines(): void {
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  for (let status = 200; status < 600; status++) {
    statusLines[status - 200] = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  }
}

/** `HTTP/1.1 200 OK` with its CRLF. Final statuses only: what else a backend says was refused before. */
export function statusLine(status: number): string {
  if (statusLines.length === 0) fillStatusLines();
  const line = statusLines[status - 200];
  invariant(line !== undefined, `${status} is a final status`);
  return line;
}

/** Whether a reply to `method` with this status has a body, be it empty (RFC 9110 §6.4.1). */
export function carriesBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

/** The line that frames a reply's body, '' when the end of the connection does, or nothing (RFC 9112 §6.3). `minor` is
 *  the client's; `length` -1 is not known. */
export function framingLine(method: string, minor: number, status: number, length: number): string {
  if (status === 204 || status === 304) return '';
  if (length >= 0) return `Content-Length: ${length}\r\n`;
  return minor > 0 && method !== 'HEAD' ? 'Transfer-Encoding: chunked\r\n' : '';
}

/** The last lines of a head. */
export const CLOSE = 'Connection: close\r\n\r\n';
export const KEEP_ALIVE = 'Connection: keep-alive\r\n\r\n';

/** A refusal that ends the connection, as a whole message. */
export function refusalText(refusal: Refusal, requestId: string): string {
  const framing = `Content-Length: ${refusal.body.length}\r\n${CLOSE}`;
  return statusLine(refusal.status) + refusalLines(requestId) + framing + refusal.body;
}
