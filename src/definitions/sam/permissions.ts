// Permissions of functions that the expansion adds.
import { isTruthy, type Plain, type PlainMap, type Tree } from './editing.ts';
import { ref, sub } from './intrinsics.ts';
import type { Attributes, Resource, SamResource } from './resource.ts';

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

/** For the functions of the authorizers of an API that may be called without a role. */
export function authorizerPermissions(
  authorizers: Iterable<PermittedAuthorizer>,
  { logicalId, passedOn, offset }: Pick<SamResource, 'logicalId' | 'passedOn' | 'offset'>,
  partition?: string,
): Resource[] {
  return [...authorizers]
    .filter(({ functionArn, isPermitted }) => isTruthy(functionArn) && isPermitted)
    .map(({ name, functionArn }) =>
      authorizerPermission(
        `${logicalId}${name}AuthorizerPermission`,
        offset,
        passedOn,
        functionArn,
        ref(logicalId),
        partition,
      ),
    );
}

interface PermittedAuthorizer {
  readonly name: string;
  readonly functionArn: Tree | undefined;
  readonly isPermitted: boolean;
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

/** By which API Gateway calls a function, as text of `Fn::Sub`: `arn` is the function's ARN, or a variable for it. */
export function invocationUri(partition: string, arn: string): string {
  return `arn:${partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

/** @param resource what follows the account, with `${…}` of the variables */
export function executeApiArn(partition: string, resource: string, variables: PlainMap): PlainMap {
  return sub(`arn:${partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:${resource}`, variables);
}
