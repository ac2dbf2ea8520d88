// One small document by GET: whole within a time and a size, without redirects (spec/http-api.md §6.2.3).
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';

export interface FetchOptions {
  readonly timeoutMillis: number;
  readonly maxBytes: number;
  /** Trusted authorities, all of them, in PEM; undefined for Node's own. */
  readonly ca: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** Its text. Rejects with what went wrong. */
export async function fetchDocument(url: URL, options: FetchOptions): Promise<string> {
  // Loaded when the first issuer is asked.
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  const { timeoutMillis, maxBytes, ca, signal } = options;
  return new Promise((resolve, reject) => {
    const requestOptions: RequestOptions & { ca?: string[]; rejectUnauthorized?: true } = {
      agent: false,
      // Said aloud: NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach issuers.
      rejectUnauthorized: true,
      signal,
      headers: { Accept: 'application/json', Connection: 'close' },
      ...(ca === undefined ? {} : { ca: [...ca] }),
    };
    const outgoing: ClientRequest = request(url, requestOptions);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
      outgoing.destroy();
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMillis} ms`)), timeoutMillis);
    outgoing.on('error', fail);
    outgoing.on('response', (reply: IncomingMessage) => {
      reply.on('error', fail);
      if (reply.statusCode !== 200) return fail(new Error(`status ${reply.statusCode}`));
      const chunks: Buffer[] = [];
      let length = 0;
      reply.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxBytes) fail(new Error(`more than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      reply.on('end', () => {
        clearTimeout(timer);
        if (reply.complete) resolve(Buffer.concat(chunks).toString('utf8'));
        else fail(new Error('the connection ended inside the reply'));
      });
    });
    outgoing.end();
  });
}
