import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Input, OperationName, Output } from './operation.ts';
import { operationNamed, operations } from './operation.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<T extends true>(): T | undefined {
  return undefined;
}

test('the model has all 103 operations of spec/management-api.md §1.2', () => {
  assert.equal(operations.length, 103);
  assert.equal(new Set(operations.map((each) => each.name)).size, 103);
  assert.equal(new Set(operations.map((each) => `${each.method} ${each.path}`)).size, 103);
  for (const each of operations) assert.ok(each.path.startsWith('/v2/'), each.path);
});

test('only GET operations read', () => {
  for (const each of operations) assert.equal(each.reads, each.method === 'GET', each.name);
});

// spec/management-api.md §1.2: the column "Code" and what is said of bodies below the table
const statuses: readonly (readonly [OperationName, number])[] = [
  ['GetApis', 200],
  ['CreateApi', 201],
  ['ImportApi', 201],
  ['ReimportApi', 201],
  ['UpdateApi', 200],
  ['DeleteApi', 204],
  ['DeleteVpcLink', 202],
  ['PreviewPortal', 202],
  ['PublishPortal', 202],
  ['TagResource', 201],
  ['UntagResource', 204],
  ['CreateApiMapping', 201],
  ['PutRoutingRule', 200],
];
for (const [name, status] of statuses) {
  test(`${name} answers ${status} (spec/management-api.md §1.2)`, () => {
    assert.equal(operationNamed(name).status, status);
  });
}

test('types of inputs and outputs follow the model', () => {
  holds<Equal<Input<'GetRoute'>, { readonly ApiId: string; readonly RouteId: string }>>();
  holds<Equal<Output<'DeleteApi'>, void>>();
  holds<Equal<Output<'TagResource'>, void>>();
  holds<Equal<Input<'CreateRoute'>['RouteKey'], string>>();
  holds<Equal<Input<'UntagResource'>['TagKeys'], readonly string[]>>();
  holds<Equal<Output<'GetApi'>['CreatedDate'], string | Date | undefined>>();
  holds<Equal<Output<'ExportApi'>['body'], string | Uint8Array | undefined>>();
});
