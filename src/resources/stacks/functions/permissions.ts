// Which calls of functions AWS would let through (spec/definitions.md §7.6, Choice D38): nothing here asks for permissions.

import type { FunctionArn, Place } from '../../../grammar/arn.ts';
import { parseFunctionName } from '../../../grammar/function-name.ts';
import { compileWildcard, type TextTest } from '../../../identity/wildcard.ts';
import type { FunctionCall } from './function-calls.ts';

/** Properties of an AWS::Lambda::Permission as text; a value that nobody knows is undefined. */
export interface PermissionTexts {
  readonly Action: string | undefined;
  readonly FunctionName: string | undefined;
  readonly Principal: string | undefined;
  readonly SourceArn: string | undefined;
}

export interface Permission {
  readonly function: FunctionArn;
  readonly allows: TextTest;
}

const API_GATEWAY = 'apigateway.amazonaws.com';

/** Undefined for what lets API Gateway call nothing, as far as is known. */
export function permissionOf(
  { Action = '', FunctionName = '', Principal = '', SourceArn = '*' }: PermissionTexts,
  place: Place,
): Permission | undefined {
  if (Principal !== API_GATEWAY && Principal !== '*') return undefined;
  if (!compileWildcard(Action)('lambda:InvokeFunction')) return undefined;
  try {
    return { function: parseFunctionName(FunctionName, place), allows: compileWildcard(SourceArn) };
  } catch {
    return undefined;
  }
}

/** Whether AWS would let API Gateway call. */
export function isPermitted(call: FunctionCall, permissions: readonly Permission[]): boolean {
  if (call.hasRole) return true;
  return permissions.some(
    ({ function: { name, account, region }, allows }) =>
      name === call.function.name &&
      account === call.function.account &&
      region === call.function.region &&
      call.sourceArns.some(allows),
  );
}
