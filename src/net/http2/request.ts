// What an HTTP/2 request's fields mean, as the rest of the gateway knows requests: the text of an HTTP/1.1 head, judged by
// the rules of the HTTP/1.1 codecs (RFC 9113 §8.2, §8.3; decision 0010).
import { HeaderBlock } from '../header-block.ts';
import { CONNECTION_FIELDS } from '../hop-by-hop.ts';
import { FRAMED, Framing, readFraming } from '../http1/framing.ts';
import { octets, TARGET, TOKEN } from '../http1/octets.ts';
import { scanHeaderLines } from '../http1/scan.ts';

export interface Http2Request {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: HeaderBlock;
  /** Declared bytes; -1 when only the end will tell. */
  readonly bodyBytes: number;
  readonly awaitsContinue: boolean;
  /** What the head would have in HTTP/1.1, without its last line end. */
  readonly headBytes: number;
}

const framing = new Framing();

/** Reads flat [name, value, …] as sent, pseudo fields among them. Undefined when it is not to be served: refused with 400. */
export function readHttp2Request(raw: readonly string[], endsHere: boolean): Http2Request | undefined {
  const pseudo = new Map<string, string>();
  const cookies: string[] = [];
  const pairs: string[] = [];
  let host: string | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    if (name.startsWith(':')) {
      if (pseudo.has(name) || i > pseudo.size * 2) return undefined;
      pseudo.set(name, value);
    } else if (name === 'cookie') cookies.push(value);
    else if (name === 'host') {
      if (host !== undefined) return undefined;
      host = value;
    } else if (CONNECTION_FIELDS.has(name) || (name === 'te' && value !== 'trailers')) return undefined;
    else pairs.push(name, value);
  }
  // One line for all of them (RFC 9113 §8.2.3).
  if (cookies.length > 0) pairs.push('cookie', cookies.join('; '));
  const start = readPseudo(pseudo, host);
  if (start === undefined) return undefined;
  const headers = headerBlock(['host', start.host, ...pairs]);
  if (headers === undefined || readFraming(headers.text, headers.spans, 1, framing) !== FRAMED)
    return undefined;
  if (endsHere && framing.bodyBytes > 0) return undefined;
  return {
    ...start,
    headers,
    bodyBytes: endsHere ? 0 : framing.announced ? framing.bodyBytes : -1,
    awaitsContinue: framing.awaitsContinue,
    headBytes: start.method.length + start.target.length + START_LINE_BYTES + headers.end,
  };
}

const START_LINE_BYTES = '  HTTP/1.1\r\n'.length;

interface Start {
  readonly method: string;
  readonly target: string;
  readonly host: string;
}

/** RFC 9113 §8.3.1. */
function readPseudo(pseudo: ReadonlyMap<string, string>, host: string | undefined): Start | undefined {
  const method = pseudo.get(':method') ?? '';
  const target = pseudo.get(':path') ?? '';
  const scheme = pseudo.get(':scheme');
  const authority = pseudo.get(':authority');
  const known = authority === undefined ? 3 : 4;
  if (pseudo.size !== known || scheme !== 'https') return undefined;
  if (!consistsOf(method, TOKEN) || method === 'CONNECT') return undefined;
  if (!target.startsWith('/') || !consistsOf(target, TARGET)) return undefined;
  // Which of two names a request is for would be a guess.
  if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase()) {
    return undefined;
  }
  const name = authority ?? host;
  return name === undefined || name === '' ? undefined : { method, target, host: name };
}

function consistsOf(text: string, octet: number): boolean {
  for (let i = 0; i < text.length; i++) if ((octets[text.charCodeAt(i)]! & octet) === 0) return false;
  return text !== '';
}

/** Undefined when the fields would not be the same lines to a reader of HTTP/1.1. */
function headerBlock(pairs: readonly string[]): HeaderBlock | undefined {
  const { text } = HeaderBlock.fromPairs(pairs);
  const spans: number[] = [];
  if (scanHeaderLines(`${text}\r\n`, 0, spans) !== text.length + 2) return undefined;
  return spans.length === pairs.length * 2 ? new HeaderBlock(text, spans, text.length) : undefined;
}
