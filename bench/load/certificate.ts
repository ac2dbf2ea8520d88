// The certificate that all gateways serve with, and how clients trust it: P-256, as most sites have, signed by itself.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_CERTIFICATE, TEST_KEY } from '../../test/support/certificate.ts';

/** For clients of Node.js: the gateways are asked for the certificate's own name. */
export const TRUST = { ca: TEST_CERTIFICATE, servername: 'localhost' } as const;

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  /** Both in one file. */
  readonly pem: string;
}

/** Writes the files into the folder of the run. */
export function certificateFiles(folder: string): CertificateFiles {
  const [cert, key, pem] = ['tls.crt', 'tls.key', 'tls.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(cert, TEST_CERTIFICATE);
  writeFileSync(key, TEST_KEY);
  writeFileSync(pem, TEST_CERTIFICATE + TEST_KEY);
  return { cert, key, pem };
}
