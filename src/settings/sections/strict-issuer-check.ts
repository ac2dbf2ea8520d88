// `strictIssuerCheck: true` has CreateAuthorizer and UpdateAuthorizer fetch the issuer's discovery document, as AWS does
// (spec/management-api.md §2.6.2). Without it the issuer may start later.
import type { ConfigNode } from '../config-node.ts';

export function readStrictIssuerCheck(node: ConfigNode | undefined): boolean {
  return node?.boolean() ?? false;
}
