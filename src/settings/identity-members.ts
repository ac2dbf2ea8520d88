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
import { anything, defaulted, into, listOf, needed, objectOf, optional, type Shape, text } from './shape.ts';

const filled = into(
  text,
  (value, node) => {
    if (value === '') throw node.error('is empty');
    return value;
  },
  { minLength: 1 },
);

const cognitoIdentity: Shape<CognitoIdentity> = objectOf({
  identityId: needed('The identity in the pool.', text),
  identityPoolId: needed('The pool.', text),
  amr: defaulted('How the identity has signed in.', listOf(text), []),
});

/** A policy in YAML, or one text of JSON. */
const policy: Shape<Policy> = {
  schema: {
    anyOf: [
      { type: 'string', pattern: '^\\s*\\{' },
      { type: 'object', required: ['Statement'] },
    ],
  },
  read: (node) => {
    try {
      return parsePolicy(node.isScalar ? parseJson(node.text()) : anything.read(node));
    } catch (error) {
      if (error instanceof PolicyError) throw node.error(`is no policy: ${error.message}`);
      if (error instanceof SyntaxError) throw node.error('is neither a mapping nor a policy in JSON');
      throw error;
    }
  },
};

export const IDENTITY_MEMBERS = {
  sessionToken: optional('The token that requests must have beside the keys.', filled),
  userArn: optional('Who it is, as an ARN of IAM.', filled),
  userId: optional('The unique id of the user.', filled),
  principalOrgId: optional('The organisation of the account.', filled),
  cognitoIdentity: optional('Whom a Cognito identity pool has given the keys.', cognitoIdentity),
  policies: optional('What it may do; everything without.', listOf(policy)),
};

export type IdentityMembers = Pick<Identity, keyof typeof IDENTITY_MEMBERS>;
