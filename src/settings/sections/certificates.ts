// `certificates:` the files of certificates that custom domains name by ARN (spec/http-api.md §10.1):
//
//   certificates:
//     arn:aws:acm:eu-west-1:000000000000:certificate/shop:
//       cert: tls/shop.pem
//       key: tls/shop-key.pem
//
// The files are read at the start, and again when they change.
import { CERTIFICATE_ARN } from '../../grammar/arn.ts';
import type { IdentityFiles } from '../../net/tls/identity-files.ts';
import { entriesOf, filePath, needed, objectOf, type Shape, section } from '../shape.ts';

const files: Shape<IdentityFiles> = objectOf({
  cert: needed('The certificate and its chain, a PEM file.', filePath),
  key: needed('Its private key, a PEM file.', filePath),
});

/** By ARN. */
export const certificates = section(
  'Files of the certificates that custom domains name, by ARN.',
  entriesOf(files, {
    pattern: CERTIFICATE_ARN,
    advice:
      'is named by no ARN of a certificate, such as arn:aws:acm:eu-west-1:000000000000:certificate/shop',
  }),
  new Map(),
);
