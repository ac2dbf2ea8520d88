// Requests signed as clients sign them: by the AWS SDK's signer, for execute-api.
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../src/identity/sha256.ts';
import { REGION } from './postern.ts';

export interface Signing {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly service?: string;
  /** Presigned: seconds. */
  readonly expires?: number;
  /** Milliseconds from now. */
  readonly offset?: number;
}

export interface Unsigned {
  readonly method?: string;
  readonly host: string;
  /** As sent. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Signed {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Header lines, Host among them. */
  readonly lines: readonly string[];
  readonly body: string;
}

export const KEY = { accessKeyId: 'AKIAREADER', secretAccessKey: 'reader-secret' };

export async function sign(request: Unsigned, signing: Signing = {}): Promise<Signed> {
  const { accessKeyId = KEY.accessKeyId, secretAccessKey = KEY.secretAccessKey, sessionToken } = signing;
  const signer = new SignatureV4({
    service: signing.service ?? 'execute-api',
    region: signing.region ?? REGION,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const { method = 'GET', host, path, body = '' } = request;
  const given = {
    method,
    protocol: 'http:',
    hostname: host,
    path,
    query: { ...request.query },
    headers: { host, ...request.headers },
    body,
  };
  const signingDate = new Date(Date.now() + (signing.offset ?? 0));
  const { headers, query } =
    signing.expires === undefined
      ? await signer.sign(given, { signingDate })
      : await signer.presign(given, { signingDate, expiresIn: signing.expires });
  return {
    method,
    target: path + queryText(query ?? {}),
    lines: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    body,
  };
}

function queryText(query: Readonly<Record<string, string | string[] | null>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
