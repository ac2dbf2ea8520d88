// `assumeRoles: true` has CredentialsArn of integrations assumed through AWS STS; `false` has the SDK's own credentials
// used for all (decision 0015). Not said: roles are assumed when AWS_ENDPOINT_URL_STS names an STS.
import type { ConfigNode } from '../config-node.ts';

export function readAssumeRoles(node: ConfigNode | undefined): boolean | undefined {
  return node?.boolean();
}
