import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { decide, PolicyError, parsePolicy } from './policy.ts';

const ARN = 'arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/prod/GET/orders/5';
const API = 'arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5';
const allow = (members: object) => ({
  Effect: 'Allow',
  Action: 'execute-api:Invoke',
  Resource: '*',
  ...members,
});
const deny = (members: object) => allow({ Effect: 'Deny', ...members });
const address = (operator: string, value: unknown) => ({
  Condition: { [operator]: { 'aws:SourceIp': value } },
});
const without = (name: string, statement: Record<string, unknown>) => {
  const { [name]: _, ...rest } = statement;
  return rest;
};

const DECISIONS: readonly (readonly [name: string, statement: unknown, decision: string])[] = [
  ['the exact ARN', allow({ Resource: ARN }), 'allowed'],
  ['another method', allow({ Resource: `${API}/prod/POST/orders/5` }), 'unmatched'],
  ['another stage', allow({ Resource: `${API}/dev/*` }), 'unmatched'],
  ['a star for method and path', allow({ Resource: `${API}/prod/*` }), 'allowed'],
  ['a question mark', allow({ Resource: `${API}/prod/GET/orders/?` }), 'allowed'],
  ['a list of resources', allow({ Resource: ['x', ARN] }), 'allowed'],
  ['case counts in ARNs', allow({ Resource: ARN.toUpperCase() }), 'unmatched'],
  ['every action of the service', allow({ Action: 'execute-api:*' }), 'allowed'],
  ['every action', allow({ Action: '*' }), 'allowed'],
  ['case does not count in actions', allow({ Action: 'EXECUTE-API:invoke' }), 'allowed'],
  ['a list of actions', allow({ Action: ['s3:*', 'execute-api:Invoke'] }), 'allowed'],
  ['another action', allow({ Action: 'execute-api:ManageConnections' }), 'unmatched'],
  ['Deny beats an earlier Allow', [allow({}), deny({ Resource: ARN })], 'denied'],
  ['Deny beats a later Allow', [deny({ Resource: ARN }), allow({})], 'denied'],
  ['a Deny of something else', [allow({}), deny({ Resource: `${ARN}6` })], 'allowed'],
  ['no statements', [], 'unmatched'],
  ['NotAction', without('Action', allow({ NotAction: 's3:*' })), 'allowed'],
  ['NotAction of this', without('Action', allow({ NotAction: 'execute-api:*' })), 'unmatched'],
  ['NotResource', without('Resource', allow({ NotResource: `${ARN}6` })), 'allowed'],
  ['NotResource of this', without('Resource', allow({ NotResource: ARN })), 'unmatched'],
  ['Deny NotResource', [allow({}), without('Resource', deny({ NotResource: ARN }))], 'allowed'],
  ['IpAddress', allow(address('IpAddress', '203.0.113.7')), 'allowed'],
  ['IpAddress of a network', allow(address('IpAddress', ['10.0.0.0/8', '203.0.113.0/24'])), 'allowed'],
  ['IpAddress of another network', allow(address('IpAddress', '203.0.112.0/24')), 'unmatched'],
  ['IpAddress of IPv6', allow(address('IpAddress', '2001:db8::/32')), 'unmatched'],
  ['NotIpAddress', allow(address('NotIpAddress', '203.0.113.0/24')), 'unmatched'],
  ['NotIpAddress of another', allow(address('NotIpAddress', '10.0.0.0/8')), 'allowed'],
  ['StringEquals', allow(address('StringEquals', '203.0.113.7')), 'allowed'],
  ['StringNotEquals', allow(address('StringNotEquals', '203.0.113.7')), 'unmatched'],
  ['StringLike', allow(address('StringLike', '203.0.*')), 'allowed'],
  ['StringNotLike', allow(address('StringNotLike', '203.0.*')), 'unmatched'],
  [
    'StringEqualsIgnoreCase',
    allow({ Condition: { StringEqualsIgnoreCase: { 'AWS:sourceip': '203.0.113.7' } } }),
    'allowed',
  ],
  ['Bool', allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), 'unmatched'],
  ['Bool as a boolean', allow({ Condition: { Bool: { 'aws:SecureTransport': false } } }), 'allowed'],
  [
    'two conditions, one fails',
    allow({
      Condition: { ...address('IpAddress', '203.0.113.7').Condition, StringLike: { 'aws:SourceIp': '10.*' } },
    }),
    'unmatched',
  ],
  ['a key without value', allow({ Condition: { StringEquals: { 'aws:UserAgent': 'x' } } }), 'unmatched'],
  [
    'a key without value, negated',
    allow({ Condition: { StringNotEquals: { 'aws:UserAgent': 'x' } } }),
    'allowed',
  ],
  // What cannot be judged lets nobody in (Choice C58).
  ['an unknown operator', allow(address('NumericEquals', '1')), 'unmatched'],
  ['an unknown operator in a Deny', [allow({}), deny(address('NumericEquals', '1'))], 'denied'],
  ['an unknown key', allow({ Condition: { StringEquals: { 'aws:username': 'x' } } }), 'unmatched'],
  [
    'an unknown key, negated',
    allow({ Condition: { StringNotEquals: { 'aws:username': 'x' } } }),
    'unmatched',
  ],
  [
    'an unknown key in a Deny',
    [allow({}), deny({ Condition: { StringEquals: { 'aws:username': 'x' } } })],
    'denied',
  ],
  ['no network', allow(address('IpAddress', '203.0.113.0/33')), 'unmatched'],
  ['a name from the prototype', allow(address('constructor', '203.0.113.7')), 'unmatched'],
  ['an unknown element', allow({ Principal: '*' }), 'unmatched'],
  ['an unknown element in a Deny', [allow({}), deny({ Principal: '*' })], 'denied'],
  [`a policy variable`, allow({ Resource: `${API}/prod/\${aws:username}*` }), 'unmatched'],
  ['a policy variable in a Deny', [allow({}), deny({ Resource: `\${aws:username}` })], 'denied'],
  [
    'a policy variable in a Deny of others',
    [allow({}), without('Resource', deny({ NotResource: `\${aws:username}` }))],
    'denied',
  ],
];
for (const [name, statement, decision] of DECISIONS) {
  test(`${name}: ${decision} (spec/http-api.md §6.3.4, Choice C58)`, () => {
    const policy = parsePolicy({ Version: '2012-10-17', Statement: statement });
    const keys = new Map([
      ['aws:sourceip', '203.0.113.7'],
      ['aws:securetransport', 'false'],
    ]);
    const request = { action: 'execute-api:Invoke', resource: ARN, keys };
    assert.equal(decide([policy], request), decision);
    // Other processes of ours have it like this.
    assert.equal(decide([deserialize(serialize(policy))], request), decision, 'in another process');
  });
}

test('the policies of an identity count together', () => {
  const [yes, no] = [allow({}), deny({})].map((Statement) => parsePolicy({ Statement }));
  const request = { action: 'execute-api:Invoke', resource: ARN, keys: new Map() };
  assert.equal(decide([yes!, no!], request), 'denied');
  assert.equal(decide([], request), 'unmatched');
});

const INVALID: readonly (readonly [name: string, document: unknown])[] = [
  ['nothing', undefined],
  ['text', '{}'],
  ['a list', []],
  ['no Statement', { Version: '2012-10-17' }],
  ['another Version', { Version: '2020-01-01', Statement: [] }],
  ['a statement that is text', { Statement: ['Allow'] }],
  ['no Effect', { Statement: { Action: '*', Resource: '*' } }],
  ['another Effect', { Statement: allow({ Effect: 'allow' }) }],
  ['no Action', { Statement: without('Action', allow({})) }],
  ['Action and NotAction', { Statement: allow({ NotAction: 'x' }) }],
  ['no Resource', { Statement: without('Resource', allow({})) }],
  ['an empty list', { Statement: allow({ Resource: [] }) }],
  ['empty text', { Statement: allow({ Resource: '' }) }],
  ['a number', { Statement: allow({ Resource: 1 }) }],
  ['many long patterns', { Statement: Array(20).fill(allow({ Resource: `*${'?a'.repeat(900)}` })) }],
  [
    'a condition with many operands',
    {
      Statement: allow({
        Condition: { StringLike: { 'aws:SourceIp': Array(40).fill(`*${'?'.repeat(1_000)}`) } },
      }),
    },
  ],
  ['a long pattern', { Statement: allow({ Resource: '*'.repeat(2_049) }) }],
];
for (const [name, document] of INVALID) {
  test(`${name} is no policy (spec/http-api.md §6.3.4)`, () => {
    assert.throws(() => parsePolicy(document), PolicyError);
  });
}
