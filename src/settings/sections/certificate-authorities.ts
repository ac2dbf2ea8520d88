// `certificateAuthorities:` PEM files of authorities that are trusted towards backends, besides Node's own
// (spec/http-api.md §3.3, §3.5).
import { readFileSync } from 'node:fs';
import type { ConfigNode } from '../config-node.ts';

/** The files' texts. */
export function readCertificateAuthorities(node: ConfigNode | undefined): readonly string[] {
  return (node?.items() ?? []).map((item) => {
    const pem = readText(item);
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
      throw item.error(`names the file ${item.text()}, which has no certificate in PEM form`);
    }
    return pem;
  });
}

function readText(item: ConfigNode): string {
  try {
    return readFileSync(item.filePath(), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw item.error(
      `names the file ${item.text()}, which ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`,
    );
  }
}
