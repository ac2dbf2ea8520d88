// Replies to clients of HTTP/2: the fields of a reply's head, and how its stream ends (RFC 9113 §8).
import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';
import { CONNECTION_FIELDS } from '../hop-by-hop.ts';
import { scanHeaderLines } from '../http1/scan.ts';

/** RFC 9113 §7. */
const NO_ERROR = 0;

/** Fields as node:http2 takes them: names in lower case, none of connections. `length` -1 is not known. */
export function replyFields(status: number, headerLines: string, length: number): OutgoingHttpHeaders {
  const fields: OutgoingHttpHeaders = { ':status': status };
  const spans: number[] = [];
  scanHeaderLines(`${headerLines}\r\n`, 0, spans);
  for (let i = 0; i < spans.length; i += 4) {
    const name = headerLines.substring(spans[i]!, spans[i + 1]!).toLowerCase();
    if (CONNECTION_FIELDS.has(name) || name === 'te' || name === 'content-length') continue;
    const value = headerLines.substring(spans[i + 2]!, spans[i + 3]!);
    const before = fields[name];
    if (name === 'set-cookie') fields[name] = [...((before as string[] | undefined) ?? []), value];
    // node:http2 wants one value of most names; lines of one name are a list anyway (RFC 9110 §5.3).
    else fields[name] = before === undefined ? value : `${String(before)}, ${value}`;
  }
  if (length >= 0 && !isBodiless(status)) fields['content-length'] = length;
  return fields;
}

/** Replies have the Date they are given: an option that node:http2 knows and its types do not. */
export function responseOptions(options: ServerStreamResponseOptions): ServerStreamResponseOptions {
  return Object.assign(options, { sendDate: false });
}

/** After its reply, ends a stream whose client has not ended the request, and need not (RFC 9113 §8.1). */
export function closeWhenSent(stream: ServerHttp2Stream): void {
  stream.resume();
  // Not at once: node:http2 forgets a reset that is asked for while it is sending.
  const close = (): void => void setImmediate(() => stream.close(NO_ERROR));
  if (stream.writableFinished) close();
  else stream.once('finish', close);
}

/** Statuses after which node:http2 sends no body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Whether the reply has a body, be it empty. */
export function hasBody(method: string, status: number): boolean {
  return method !== 'HEAD' && !isBodiless(status);
}
