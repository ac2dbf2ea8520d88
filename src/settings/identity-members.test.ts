// What an entry of `credentials:` may say of an identity, read from YAML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../identity/policy.ts';
import type { IdentityMembers } from './identity-members.ts';
import { parseConfig } from './parse-config.test.support.ts';

const START = 'credentials:\n  - accessKeyId: a\n    secretAccessKey: s\n';

function read(members: string): IdentityMembers {
  const { credentials } = parseConfig(START + members.replace(/^/gm, '    '), 'postern.yaml', '/');
  return credentials[0]!.identity!;
}

test('an identity without more says nothing more', () => assert.deepEqual(read(''), {}));

test('every member is read', () => {
  const { policies, ...rest } = read(`sessionToken: "token/+="
userArn: arn:aws:iam::000000000000:user/reader
userId: AIDA
principalOrgId: o-1
cognitoIdentity: { identityId: i, identityPoolId: p, amr: [authenticated, login.example] }
policies: []`);
  assert.deepEqual(policies, []);
  assert.deepEqual(rest, {
    sessionToken: 'token/+=',
    userArn: 'arn:aws:iam::000000000000:user/reader',
    userId: 'AIDA',
    principalOrgId: 'o-1',
    cognitoIdentity: { identityId: 'i', identityPoolId: 'p', amr: ['authenticated', 'login.example'] },
  });
});

const request = { action: 'execute-api:Invoke', resource: 'arn:x', keys: new Map() };

test('a policy is YAML, or text of JSON', () => {
  const yaml = read(`policies:
  - Version: 2012-10-17
    Statement: { Effect: Allow, Action: [execute-api:Invoke], Resource: "*" }
  - '{"Statement":{"Effect":"Deny","Action":"*","Resource":"arn:y"}}'`);
  assert.equal(decide(yaml.policies!, request), 'allowed');
  assert.equal(decide(yaml.policies!, { ...request, resource: 'arn:y' }), 'denied');
});

const WRONG: readonly (readonly [name: string, members: string, message: RegExp])[] = [
  ['an unknown member', 'policy: []', /there is no setting "policy" here/],
  ['an empty token', 'sessionToken: ""', /sessionToken is empty/],
  ['a policy without Statement', 'policies: [{}]', /policies\[0\] is no policy: a statement of the policy/],
  ['a policy that is a name', 'policies: [ReadOnly]', /is neither a mapping nor a policy in JSON/],
  ['policies that are no list', 'policies: {}', /policies is a list/],
  ['half a Cognito identity', 'cognitoIdentity: { identityId: i }', /needs identityId and identityPoolId/],
];
for (const [name, members, message] of WRONG) {
  test(`${name} is refused, with its place`, () => {
    assert.throws(
      () => read(members),
      (error: Error) => {
        assert.match(error.message, /^postern\.yaml:\d+:\d+: /);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
