// Permissions of functions that the expansion adds.
import type { Plain, PlainMap } from './editing.ts';
import { sub } from './intrinsics.ts';
import type { Attributes, Resource } from './resource.ts';

/** @param properties what the permission has beside the action: who may, for what, on whose behalf */
export function permission(
  logicalId: string,
  offset: number,
  attributes: Attributes,
  properties: { readonly [name: string]: Plain },
): Resource {
  return {
    logicalId,
    type: 'AWS::Lambda::Permission',
    attributes,
    offset,
    properties: { Action: 'lambda:InvokeFunction', ...properties },
  };
}

/** For the function of an authorizer of the API. */
export function authorizerPermission(
  logicalId: string,
  offset: number,
  attributes: Attributes,
  functionArn: Plain,
  apiId: Plain,
  partition = '${AWS::Partition}',
): Resource {
  return permission(logicalId, offset, attributes, {
    FunctionName: functionArn,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: executeApiArn(partition, '${__ApiId__}/authorizers/*', { __ApiId__: apiId }),
  });
}

/** @param resource what follows the account, with `${…}` of the variables */
export function executeApiArn(partition: string, resource: string, variables: PlainMap): PlainMap {
  return sub(`arn:${partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:${resource}`, variables);
}
