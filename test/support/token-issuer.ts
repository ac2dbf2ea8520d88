// An issuer of tokens on a real socket, as far as a gateway sees one: discovery document, key set, and tokens signed with
// any algorithm, wrongly too when a test asks for it.
import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As published. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

function pairFor(algorithm: string): KeyPairKeyObjectResult {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' });
    case 'Ed25519':
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'Ed448':
      return generateKeyPairSync('ed448');
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2_048 });
  }
}

export function makeKey(
  algorithm: string,
  kid: string,
  more: Readonly<Record<string, unknown>> = {},
): SigningKey {
  const { privateKey, publicKey } = pairFor(algorithm);
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', ...more };
  return { kid, algorithm: algorithm === 'Ed448' ? 'EdDSA' : algorithm, privateKey, publicKey, jwk };
}

export const segment = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A signature as the algorithm of a header names it. */
export function signatureOf(algorithm: string, key: KeyObject | string, signed: string): Buffer {
  const data = Buffer.from(signed);
  if (typeof key === 'string')
    return createHmac(`sha${algorithm.slice(2)}`, key)
      .update(data)
      .digest();
  if (algorithm === 'EdDSA' || algorithm === 'Ed25519') return sign(null, data, key);
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  const padding = algorithm.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const saltLength = algorithm.startsWith('PS') ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  return sign(hash, data, { key, padding, ...saltLength });
}

/** A token. Claims may be JSON text, for what JSON.stringify cannot write; so may the header. */
export function makeToken(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>> | string,
  header: Readonly<Record<string, unknown>> | string = {},
): string {
  const whole = typeof header === 'string' ? header : { alg: key.algorithm, kid: key.kid, ...header };
  const signed = `${segment(whole)}.${segment(claims)}`;
  return `${signed}.${signatureOf(key.algorithm, key.privateKey, signed).toString('base64url')}`;
}

/** Seconds since 1970, and so many more. */
export const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

export interface TokenIssuer {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Published from now on. */
  keys: readonly SigningKey[];
  /** Paths asked for so far. */
  readonly asked: string[];
  /** Answers instead, when it returns true. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

export async function startTokenIssuer(
  issuer: string,
  keys: readonly SigningKey[],
  jwksUri = `${issuer.replace(/\/$/, '')}/keys`,
  tls?: { readonly cert: string; readonly key: string },
): Promise<TokenIssuer> {
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url!);
    if (running.instead?.(request, response)) return;
    response.setHeader('Content-Type', 'application/json');
    if (request.url!.endsWith('/.well-known/openid-configuration')) {
      response.end(JSON.stringify({ issuer, jwks_uri: jwksUri }));
    } else if (request.url!.endsWith('/keys')) {
      response.end(JSON.stringify({ keys: running.keys.map(({ jwk }) => jwk) }));
    } else {
      response.statusCode = 404;
      response.end();
    }
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer({ ...tls }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const running: TokenIssuer = {
    address: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    asked,
    instead: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return running;
}
