// `truststores:` files that stand for the S3 objects domains with mutual TLS name (spec/http-api.md §10.2):
//
//   truststores:
//     s3://partners/truststore.pem: tls/partners.pem
//
// The files are read when a domain is created, updated or first used, and again when they change.
import { entriesOf, filePath, section } from '../shape.ts';

/** Absolute paths by URI. */
export const truststores = section(
  'PEM files that stand for the truststores in S3 that domains with mutual TLS name, by s3://BUCKET/KEY.',
  entriesOf(filePath, { pattern: /^s3:\/\/[^/]+\/.+$/, advice: 'is named by no s3://bucket/key' }),
  new Map(),
);
