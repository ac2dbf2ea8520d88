// Signatures in the browser (SigV4), with the SHA-256 of WebCrypto. Loaded when somebody logs in.
import { SignatureV4 } from '@smithy/signature-v4';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Of what names no other. */
  readonly region: string;
}

export interface SignedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  readonly region?: string | undefined;
}

/** SHA-256, keyed (HMAC) when it is given a secret; what SignatureV4 asks of a hash. */
class Sha256 {
  readonly #secret: Uint8Array<ArrayBuffer> | undefined;
  #parts: Uint8Array<ArrayBuffer>[] = [];

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#parts.push(bytesOf(data));
  }

  reset(): void {
    this.#parts = [];
  }

  async digest(): Promise<Uint8Array> {
    const { subtle } = window.crypto;
    const data = await new Blob(this.#parts).arrayBuffer();
    if (this.#secret === undefined) return new Uint8Array(await subtle.digest('SHA-256', data));
    const key = await subtle.importKey('raw', this.#secret, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ]);
    return new Uint8Array(await subtle.sign('HMAC', key, data));
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** The headers of a signed request. The browser sends `host` itself. */
export async function sign(
  { method, path, body, region }: SignedRequest,
  headers: Record<string, string>,
  keys: Keys,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: 'apigateway',
    region: region ?? keys.region,
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
    },
    sha256: Sha256,
  });
  const url = new URL(path, window.location.href);
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: queryOf(url.searchParams),
    headers: { ...headers, host: url.host },
    body,
  });
  const { host: _, ...rest } = signed.headers;
  return rest;
}

function queryOf(parameters: URLSearchParams): Record<string, string[]> {
  const query: Record<string, string[]> = Object.create(null);
  for (const name of new Set(parameters.keys())) query[name] = parameters.getAll(name);
  return query;
}
