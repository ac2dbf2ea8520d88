// `certificates:` the files of certificates that custom domains name by ARN (spec/http-api.md §10.1):
//
//   certificates:
//     arn:aws:acm:eu-west-1:000000000000:certificate/shop:
//       cert: tls/shop.pem
//       key: tls/shop-key.pem
//
// The files are read at the start, and again when they change.
import { parseCertificateArn } from '../../grammar/arn.ts';
import type { IdentityFiles } from '../../net/tls/identity-files.ts';
import type { ConfigNode } from '../config-node.ts';

/** By ARN. */
export function readCertificates(node: ConfigNode | undefined): ReadonlyMap<string, IdentityFiles> {
  const files = new Map<string, IdentityFiles>();
  for (const [arn, entry] of node?.entries() ?? []) {
    if (parseCertificateArn(arn) === undefined) {
      throw entry.error(
        'is named by no ARN of a certificate, such as arn:aws:acm:eu-west-1:000000000000:certificate/shop',
      );
    }
    const members = entry.members(['cert', 'key']);
    const [cert, key] = [members.get('cert'), members.get('key')];
    if (cert === undefined || key === undefined)
      throw entry.error('needs both cert and key, files in PEM form');
    files.set(arn, { cert: cert.filePath(), key: key.filePath() });
  }
  return files;
}
