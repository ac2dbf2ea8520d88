// A recorded request as a form that can be edited, and what the form says to `POST /_postern/explain`.
import { unreachable } from '../../../src/defect.ts';
import { MASK } from '../../../src/stage/request-summary.ts';
import type { Pairs, RequestParts } from './request-parts.ts';

export interface Edited {
  readonly method: string;
  readonly url: string;
  readonly headers: Pairs;
  readonly body: string;
}

/** What codecs and explain write themselves. */
const WRITTEN = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'keep-alive',
  'expect',
]);

export function editedOf(parts: RequestParts): Edited {
  return {
    method: parts.kind === 'http' ? parts.method : 'GET',
    url: parts.url,
    headers: parts.headers
      .filter(
        ([name]) => !WRITTEN.has(name.toLowerCase()) && !name.toLowerCase().startsWith('sec-websocket-'),
      )
      .map(([name, value]) => [name, value.replaceAll(MASK, '').trim()]),
    body: parts.body?.text ?? '',
  };
}

/** Names of headers that were masked. */
export function maskedHeaders({ headers }: RequestParts): readonly string[] {
  return headers.filter(([, value]) => value.includes(MASK)).map(([name]) => name);
}

/** What is wrong with what cannot be sent, by the field. */
export function mistakesOf(
  parts: RequestParts,
  { url, body }: Edited,
): { readonly url?: string; readonly body?: string } {
  const masked = `has ${MASK} in the place of a secret: put the value there, or take it out`;
  return {
    ...(url.includes(MASK) ? { url: `The URL ${masked}.` } : {}),
    ...(body.includes(MASK) ? { body: `The body ${masked}.` } : {}),
    ...(parts.body?.base64 !== undefined && body === ''
      ? {
          body: 'The body is binary, which cannot be edited here. Write a text, or copy the request as curl.',
        }
      : {}),
  };
}

/** The body of the call. Masked headers that were not filled in are left out, as the form says. */
export function explainCallOf(parts: RequestParts, { method, url, headers, body }: Edited): unknown {
  const masked = new Set(maskedHeaders(parts));
  const unfilled = editedOf(parts).headers.filter(([name]) => masked.has(name));
  const sent = headers.filter(
    ([name, value]) => name !== '' && !unfilled.some((each) => each[0] === name && each[1] === value),
  );
  switch (parts.kind) {
    case 'http':
      return { method, url, headers: sent, body };
    case 'connect':
      return { url, headers: sent };
    case 'message':
      return { url, headers: sent, message: body, connection: parts.connection };
    default:
      return unreachable(parts);
  }
}
