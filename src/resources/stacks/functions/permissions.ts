// Which calls of functions AWS would let through (spec/definitions.md §7.6, Choice D38): nothing here asks for permissions.

import type { FunctionArn, Place } from '../../../grammar/arn.ts';
import { parseFunctionName } from '../../../grammar/function-name.ts';
import { compileWildcard, compileWildcards } from '../../../identity/wildcard.ts';
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
  /** A pattern of what may call. */
  readonly source: string;
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
    return { function: parseFunctionName(FunctionName, place), source: SourceArn };
  } catch {
    return undefined;
  }
}

/** Whether AWS would let API Gateway call. */
export function permitted(permissions: readonly Permission[]): (call: FunctionCall) => boolean {
  const sources = new Map<string, string[]>();
  for (const { function: of, source } of permissions) {
    const key = keyOf(of);
    const others = sources.get(key);
    if (others === undefined) sources.set(key, [source]);
    else others.push(source);
  }
  const tests = new Map(Array.from(sources, ([key, patterns]) => [key, compileWildcards(patterns)]));
  return (call) => {
    const test = tests.get(keyOf(call.function));
    return call.hasRole || (test !== undefined && call.sourceArns.some(test));
  };
}

const keyOf = ({ name, account, region }: FunctionArn): string => `${region}:${account}:${name}`;
