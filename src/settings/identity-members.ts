// What an entry of `credentials:` may say besides its keys: who the identity is and what it may do on AWS_IAM routes
// (spec/http-api.md §6.4):
//
//   credentials:
//     - accessKeyId: AKIAEXAMPLE
//       secretAccessKey: …
//       userArn: arn:aws:iam::000000000000:user/reader
//       policies:
//         - Version: '2012-10-17'
//           Statement: { Effect: Allow, Action: execute-api:Invoke, Resource: '*' }
import type { CognitoIdentity, Identity } from '../identity/identities.ts';
import { type Policy, PolicyError, parsePolicy } from '../identity/policy.ts';
import { parseJson } from '../wire/json.ts';
import type { ConfigNode } from './config-node.ts';

export const IDENTITY_MEMBERS = [
  'sessionToken',
  'userArn',
  'userId',
  'principalOrgId',
  'cognitoIdentity',
  'policies',
] as const;

export type IdentityMembers = Pick<Identity, (typeof IDENTITY_MEMBERS)[number]>;

/** Reads the members that are there. Throws UsageError. */
export function readIdentityMembers(nodes: ReadonlyMap<string, ConfigNode>): IdentityMembers {
  const text = (name: string) => {
    const node = nodes.get(name);
    if (node === undefined) return {};
    if (node.text() === '') throw node.error('is empty');
    return { [name]: node.text() };
  };
  const cognitoIdentity = nodes.get('cognitoIdentity');
  const policies = nodes.get('policies');
  return {
    ...text('sessionToken'),
    ...text('userArn'),
    ...text('userId'),
    ...text('principalOrgId'),
    ...(cognitoIdentity === undefined ? {} : { cognitoIdentity: readCognitoIdentity(cognitoIdentity) }),
    ...(policies === undefined ? {} : { policies: policies.items().map(readPolicy) }),
  };
}

function readCognitoIdentity(node: ConfigNode): CognitoIdentity {
  const members = node.members(['identityId', 'identityPoolId', 'amr']);
  const [identityId, identityPoolId] = [members.get('identityId'), members.get('identityPoolId')];
  if (identityId === undefined || identityPoolId === undefined) {
    throw node.error('needs both identityId and identityPoolId');
  }
  return {
    identityId: identityId.text(),
    identityPoolId: identityPoolId.text(),
    amr: (members.get('amr')?.items() ?? []).map((each) => each.text()),
  };
}

/** A policy in YAML, or one text of JSON. */
function readPolicy(node: ConfigNode): Policy {
  try {
    return parsePolicy(node.isScalar ? parseJson(node.text()) : plain(node));
  } catch (error) {
    if (error instanceof PolicyError) throw node.error(`is no policy: ${error.message}`);
    if (error instanceof SyntaxError) throw node.error('is neither a mapping nor a policy in JSON');
    throw error;
  }
}

function plain(node: ConfigNode): unknown {
  if (node.isScalar) return node.text();
  if (node.isList) return node.items().map(plain);
  return Object.fromEntries(node.entries().map(([name, value]) => [name, plain(value)]));
}
