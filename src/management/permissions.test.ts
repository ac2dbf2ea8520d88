// What an identity's policies must allow for an import from the command line (spec/openapi.md §1.1(6)).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '../identity/identities.ts';
import { parsePolicy } from '../identity/policy.ts';
import type { Exchange } from '../net/exchange.ts';
import type { Caller } from './caller.ts';
import { requireImportPermission, requirePermission } from './permissions.ts';

const IMPORT = {
  method: 'POST',
  target: '/_postern/import',
  remoteAddress: '127.0.0.1',
  scheme: 'http',
} as Exchange;

function callerMay(Action: string, Resource: string): Caller & { readonly identity: Identity } {
  const policies = [parsePolicy({ Statement: { Effect: 'Allow', Action, Resource } })];
  const identity = { accessKeyId: 'AKIA', secretAccessKey: 's', accountId: '111111111111', policies };
  return { account: '111111111111', region: 'us-east-1', identity };
}

const ROWS: readonly (readonly [
  action: string,
  resource: string,
  apiId: string | undefined,
  may: boolean,
])[] = [
  ['apigateway:PUT', 'arn:aws:apigateway:us-east-1::/apis', undefined, true],
  ['apigateway:PUT', 'arn:aws:apigateway:us-east-1::/apis', 'a1', false],
  ['apigateway:PUT', 'arn:aws:apigateway:us-east-1::/apis/a1', 'a1', true],
  ['apigateway:PUT', 'arn:aws:apigateway:us-east-1::/apis/a1', 'a2', false],
  ['apigateway:POST', 'arn:aws:apigateway:us-east-1::/*', undefined, false],
  ['apigateway:*', '*', 'a1', true],
];

for (const [action, resource, apiId, may] of ROWS) {
  test(`an import of ${apiId ?? 'a new API'} where ${action} on ${resource} is allowed: ${may}`, () => {
    const caller = callerMay(action, resource);
    requirePermission(caller.identity, IMPORT, caller.region);
    const asked = () => requireImportPermission(caller, IMPORT, apiId);
    if (may) asked();
    else assert.throws(asked, { code: 'AccessDeniedException' });
  });
}

test('everybody who may call may import while there are no credentials', () => {
  requireImportPermission({ account: '1', region: 'r' }, IMPORT, 'a1');
});
