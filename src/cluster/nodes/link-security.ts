// Who may be at the other end of a link. TLS with a key that all nodes derive from the cluster's secret, so that there are no certificates
// to run; or, with `cluster.tls`, certificates on both sides. Either way nobody reaches a byte of our protocol without them.
import { hkdfSync } from 'node:crypto';
import type { ConnectionOptions, TlsOptions } from 'node:tls';

export interface LinkSecurity {
  readonly server: TlsOptions;
  readonly client: ConnectionOptions;
}

/** PEM texts. The authority is the cluster's own: whoever has a certificate of it is a node. */
export interface LinkCertificates {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Forward secret, and authenticated by the key alone. */
const CIPHER = 'ECDHE-PSK-CHACHA20-POLY1305';

/** `secrets`: the first is dialled with, any of them is accepted, so that a secret can be changed node by node. */
export function securityBySecret(secrets: readonly string[]): LinkSecurity {
  const keys = new Map(
    secrets.map((secret) => [derived(secret, 'postern link id 1', 8).toString('hex'), secret]),
  );
  const psks = new Map([...keys].map(([id, secret]) => [id, derived(secret, 'postern link 1', 32)]));
  const [identity, psk] = [...psks][0]!;
  const both = { ciphers: CIPHER, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  return {
    // Null for who names another key: the handshake fails.
    server: { ...both, pskCallback: (_socket, name) => psks.get(name) ?? null },
    client: { ...both, checkServerIdentity: () => undefined, pskCallback: () => ({ identity, psk }) },
  };
}

/** The authority decides, not the name: nodes are addressed by what they say of themselves. */
export function securityByCertificates({ cert, key, ca }: LinkCertificates): LinkSecurity {
  const both = { cert, key, ca, minVersion: 'TLSv1.3', rejectUnauthorized: true } as const;
  return {
    server: { ...both, requestCert: true },
    client: { ...both, checkServerIdentity: () => undefined },
  };
}

/** A key for one purpose. */
export function derived(secret: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, bytes));
}
