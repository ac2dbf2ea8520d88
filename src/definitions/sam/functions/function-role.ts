// The execution role of a function. Who may call what is not decided by roles here, so the role that is made says who may take it, and
// no more of the function's policies (spec/definitions.md §8.12.2).
import {
  get,
  isList,
  isMap,
  isTruthy,
  type Plain,
  type PlainMap,
  set,
  stringOf,
  type Tree,
} from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { getAtt, ifArguments, isIntrinsic, isNoValue } from '../intrinsics.ts';
import type { Blame } from '../invalid.ts';
import { type Attributes, type Resource, type SamResource, tagList } from '../resource.ts';

export function iamRole(
  logicalId: string,
  offset: number,
  attributes: Attributes,
  service: string,
  properties: PlainMap = {},
): Resource {
  return {
    logicalId,
    type: 'AWS::IAM::Role',
    attributes,
    offset,
    properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
      },
      ...properties,
    },
  };
}

/** The role's ARN, and the role if it is made. */
export function executionRole(
  { logicalId, properties, offset, passedOn }: SamResource,
  expansion: Expansion,
  blame: Blame,
): { readonly arn: Plain; readonly resources: Resource[] } {
  checkPolicies(get(properties, 'Policies'), blame);
  const given = get(properties, 'Role');
  const roleId = `${logicalId}Role`;
  const own = getAtt(roleId, 'Arn');
  const role = (condition: Plain): Resource => {
    const policy = get(properties, 'AssumeRolePolicyDocument');
    return iamRole(
      roleId,
      offset,
      condition === undefined ? passedOn : { ...passedOn, Condition: condition },
      'lambda.amazonaws.com',
      {
        ...(policy !== undefined && { AssumeRolePolicyDocument: policy }),
        Path: get(properties, 'RolePath'),
        PermissionsBoundary: get(properties, 'PermissionsBoundary'),
        Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }, ...tagList(get(properties, 'Tags'))],
      },
    );
  };
  if (given === undefined) return { arn: own, resources: [role(undefined)] };
  const resolved = expansion.parameters.resolved(given);
  if (!isMap(given) || get(given, 'Fn::If') === undefined) return { arn: given, resources: [] };
  const choice = ifArguments(resolved);
  if (choice === undefined) throw blame("Malformed 'Role' property: Fn::If requires 3 arguments.", given);
  const [condition, yes, no] = choice;
  if (isNoValue(yes)) {
    if (isNoValue(no)) return { arn: own, resources: [role(undefined)] };
    return { arn: { 'Fn::If': [condition, own, no] }, resources: [role(condition)] };
  }
  if (!isNoValue(no)) return { arn: given, resources: [] };
  const opposite = `NOT${stringOf(condition) ?? ''}`;
  set(expansion.conditions(), opposite, { 'Fn::Not': [{ Condition: condition }] });
  return { arn: { 'Fn::If': [condition, yes, own] }, resources: [role(opposite)] };
}

function checkPolicies(given: Tree | undefined, blame: Blame): void {
  if (!isTruthy(given)) return;
  const policies = isList(given) ? given.items : [given];
  for (const [index, policy] of policies.entries()) {
    const isPolicy =
      stringOf(policy) !== undefined ||
      isIntrinsic(policy) ||
      (isMap(policy) && (policy.members.has('Statement') || policy.members.size === 1));
    if (isPolicy) continue;
    throw blame(`Policy at index ${index} in the 'Policies' property is not valid`, policy);
  }
}
