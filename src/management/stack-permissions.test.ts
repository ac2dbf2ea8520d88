// What an identity's policies must allow for a deploy: an action on the stack, and each call's own (spec/definitions.md Choice D4).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Identity } from '../identity/identities.ts';
import { parsePolicy } from '../identity/policy.ts';
import type { Exchange } from '../net/exchange.ts';
import type { Caller } from './caller.ts';
import { allowedCalls, requirePermission, requireStackPermission } from './permissions.ts';

const exchangeTo = (method: string, target: string) =>
  ({ method, target, remoteAddress: '127.0.0.1', scheme: 'http' }) as Exchange;
const POST = exchangeTo('POST', '/_postern/stacks');
const ACCOUNT = '111111111111';

function callerMay(...allowed: readonly (readonly [action: string, resource: string])[]) {
  const policies = allowed.map(([Action, Resource]) =>
    parsePolicy({ Statement: { Effect: 'Allow', Action, Resource } }),
  );
  const identity: Identity = { accessKeyId: 'AKIA', secretAccessKey: 's', accountId: ACCOUNT, policies };
  return { account: ACCOUNT, region: 'us-east-1', identity } satisfies Caller;
}

const PETS = `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/pets/*`;

describe('permissions for stacks', () => {
  type Call = Parameters<NonNullable<ReturnType<typeof allowedCalls>>>;
  const rows: readonly (readonly [allowed: readonly [string, string], call: Call, may: boolean])[] = [
    [['cloudformation:CreateStack', PETS], ['CreateStack', { StackName: 'pets' }], true],
    [['cloudformation:CreateStack', PETS], ['CreateStack', { StackName: 'shop' }], false],
    [['cloudformation:CreateStack', PETS], ['UpdateStack', { StackName: 'pets' }], false],
    [['cloudformation:*', '*'], ['DeleteStack', { StackName: 'pets' }], true],
    [['apigateway:*', '*'], ['DeleteStack', { StackName: 'pets' }], false],
    [['cloudformation:*', '*'], ['CreateApi', {}], false],
    [['apigateway:POST', 'arn:aws:apigateway:us-east-1::/apis'], ['CreateApi', {}], true],
    [
      ['apigateway:PATCH', 'arn:aws:apigateway:us-east-1::/apis/a1/routes/r1'],
      ['UpdateRoute', { ApiId: 'a1', RouteId: 'r1' }],
      true,
    ],
    [
      ['apigateway:PATCH', 'arn:aws:apigateway:us-east-1::/apis/a1/routes/r1'],
      ['UpdateRoute', { ApiId: 'a1', RouteId: 'r2' }],
      false,
    ],
    [['apigateway:PUT', 'arn:aws:apigateway:us-east-1::/apis'], ['ImportApi', {}], true],
  ];
  for (const [allowed, call, may] of rows) {
    test(`${call[0]} ${JSON.stringify(call[1])} where ${allowed.join(' on ')} is allowed: ${may}`, () => {
      const allow = allowedCalls(callerMay(allowed), POST)!;
      if (may) allow(...call);
      else assert.throws(() => allow(...call), { code: 'AccessDeniedException' });
    });
  }

  test('who has no policies may do everything', () => {
    const { account, region, identity } = callerMay();
    const { policies: _, ...without } = identity;
    assert.equal(allowedCalls({ account, region, identity: without }, POST), undefined);
    assert.equal(allowedCalls({ account, region }, POST), undefined);
    requireStackPermission({ account, region }, POST, 'DescribeStacks', 'pets');
  });

  test('stacks are told of to who may have them told', () => {
    const one = callerMay(['cloudformation:DescribeStacks', PETS]);
    requireStackPermission(one, POST, 'DescribeStacks', 'pets');
    assert.throws(() => requireStackPermission(one, POST, 'DescribeStacks', 'shop'), /not authorized/);
    assert.throws(() => requireStackPermission(one, POST, 'ListStacks'), /not authorized/);
    requireStackPermission(callerMay(['cloudformation:ListStacks', '*']), POST, 'ListStacks');
  });

  const paths: readonly (readonly [method: string, target: string, asksItself: boolean])[] = [
    ['POST', '/_postern/stacks', true],
    ['POST', '/_postern/stacks?region=eu-west-1', true],
    ['DELETE', '/_postern/stacks/pets', true],
    ['GET', '/_postern/stages', false],
    ['GET', '/_postern/stacksandmore', false],
  ];
  for (const [method, target, asksItself] of paths) {
    test(`${method} ${target} is asked about ${asksItself ? 'by the route' : 'before it is served'}`, () => {
      const { identity, region } = callerMay();
      const asked = () => requirePermission(identity, exchangeTo(method, target), region);
      if (asksItself) asked();
      else assert.throws(asked, { code: 'AccessDeniedException' });
    });
  }
});
