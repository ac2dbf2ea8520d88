// `strictIssuerCheck: true` has CreateAuthorizer and UpdateAuthorizer fetch the issuer's discovery document, as AWS does
// (spec/management-api.md §2.6.2). Without it the issuer may start later.
import { boolean, section } from '../shape.ts';

export const strictIssuerCheck = section(
  'Whether creating or changing a JWT authorizer asks its issuer for the discovery document, as AWS does.',
  boolean,
  false,
);
