// What a Lambda authorizer's function answers, in its two forms (spec/http-api.md §6.3.4, Choice C58). Whatever is not
// exactly one of them lets nobody in.
import { isObject } from '../grammar/json-object.ts';
import { type Policy, PolicyError, parsePolicy } from '../identity/policy.ts';
import { parseJson } from '../wire/json.ts';
import type { LambdaAuthorization } from './authorization.ts';

export type Answer =
  | { readonly kind: 'simple'; readonly isAuthorized: boolean; readonly authorization: LambdaAuthorization }
  | { readonly kind: 'policy'; readonly policy: Policy; readonly authorization: LambdaAuthorization };

export interface AnswerForm {
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly simpleResponses: boolean;
}

/** An answer that is none. The message becomes `$context.authorizer.error`. */
export class AnswerError extends Error {}

/** Longest answer in UTF-16 units: it is kept, and its context goes into headers, events and logs. */
const MAX_LENGTH = 262_144;
const MAX_DEPTH = 32;

/** Reads an answer. Throws AnswerError. */
export function readAnswer(payload: string, form: AnswerForm): Answer {
  if (payload.length > MAX_LENGTH) {
    throw new AnswerError(`the answer is longer than ${MAX_LENGTH} characters`);
  }
  const answer = parsed(payload);
  if (!isObject(answer)) throw new AnswerError('the answer is not a JSON object');
  const context = contextOf(answer.context, form);
  if (form.simpleResponses) {
    const { isAuthorized } = answer;
    if (typeof isAuthorized !== 'boolean') throw new AnswerError('isAuthorized is not true or false');
    return {
      kind: 'simple',
      isAuthorized,
      authorization: { kind: 'lambda', principalId: undefined, context },
    };
  }
  const { principalId } = answer;
  if (typeof principalId !== 'string' || principalId === '') throw new AnswerError('principalId is missing');
  return {
    kind: 'policy',
    policy: policyOf(answer.policyDocument),
    authorization: { kind: 'lambda', principalId, context },
  };
}

function parsed(payload: string): unknown {
  try {
    return parseJson(payload);
  } catch {
    throw new AnswerError('the answer is not JSON');
  }
}

function policyOf(document: unknown): Policy {
  try {
    return parsePolicy(document);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new AnswerError(error.message);
  }
}

function contextOf(context: unknown, form: AnswerForm): LambdaAuthorization['context'] {
  if (context === undefined || context === null) return undefined;
  if (!isObject(context)) throw new AnswerError('context is not an object');
  if (form.payloadFormatVersion === '1.0' && Object.hasOwn(context, 'claims')) {
    throw new AnswerError('context has the key claims');
  }
  if (isDeeperThan(context, MAX_DEPTH)) throw new AnswerError('context is nested too deeply');
  return new Map(Object.entries(context));
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeperThan(each, depth - 1));
}
