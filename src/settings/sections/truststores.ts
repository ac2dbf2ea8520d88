// `truststores:` files that stand for the S3 objects domains with mutual TLS name (spec/http-api.md §10.2):
//
//   truststores:
//     s3://partners/truststore.pem: tls/partners.pem
//
// The files are read when a domain is created, updated or first used, and again when they change.
import type { ConfigNode } from '../config-node.ts';

/** Absolute paths by URI. */
export function readTruststores(node: ConfigNode | undefined): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [uri, entry] of node?.entries() ?? []) {
    if (!/^s3:\/\/[^/]+\/.+$/.test(uri)) throw entry.error('is named by no s3://bucket/key');
    files.set(uri, entry.filePath());
  }
  return files;
}
