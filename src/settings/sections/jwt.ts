// `jwt:` where issuers of tokens are asked for their keys instead of at their own URL (spec/http-api.md §6.2.3):
//
//   jwt:
//     issuers:
//       https://login.example.com/realms/shop: { address: http://127.0.0.1:9000, ca: ./ca.pem }
//       http://keycloak:8080/realms/dev: {}      # may be asked by http
//     anyHttpIssuer: true                        # so may every other
import { readFileSync } from 'node:fs';
import type { IssuerSettings, JwtSettings } from '../../identity/jwt/settings.ts';
import type { ConfigNode } from '../config-node.ts';

export function readJwt(node: ConfigNode | undefined): JwtSettings {
  const members = node?.members(['issuers', 'anyHttpIssuer']);
  const issuers = members?.get('issuers')?.entries() ?? [];
  return {
    issuers: issuers.map(([issuer, settings]) => readIssuer(issuer, settings)),
    anyHttpIssuer: members?.get('anyHttpIssuer')?.boolean() ?? false,
  };
}

function readIssuer(issuer: string, node: ConfigNode): IssuerSettings {
  if (!URL.canParse(issuer) || !['http:', 'https:'].includes(new URL(issuer).protocol)) {
    throw node.error('is named by no URL of an issuer');
  }
  const members = node.members(['address', 'ca']);
  const [address, ca] = [members.get('address'), members.get('ca')];
  return {
    issuer,
    address: address === undefined ? undefined : readAddress(address),
    ca: ca === undefined ? undefined : readCertificates(ca),
  };
}

function readAddress(node: ConfigNode): string {
  const url = node.url();
  if (new URL(url).origin !== url) {
    throw node.error(`is scheme, host and port, such as http://127.0.0.1:9000, not ${JSON.stringify(url)}`);
  }
  return url;
}

function readCertificates(node: ConfigNode): string {
  let pem: string;
  try {
    pem = readFileSync(node.filePath(), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw node.error(
      `names the file ${node.text()}, which ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`,
    );
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw node.error(`names the file ${node.text()}, which has no certificate in PEM form`);
  }
  return pem;
}
