// Lambda REQUEST authorizers of `$connect` (spec/websocket-api.md §8.3 to §8.5). Whatever goes wrong, nobody gets in.

import type { InvocationOutcome, LambdaFunction } from '../../backends/lambda-function.ts';
import { unreachable } from '../../defect.ts';
import { decide } from '../../identity/policy.ts';
import type { Callee } from '../../stage/callee.ts';
import { AnswerError, readAnswer } from '../../stage/lambda-authorizer-answer.ts';
import { awsRequestIdOf, errorMessageOf, invokeStatusOf } from '../../stage/lambda-outcome.ts';
import { INVOKE, policyKeys } from '../../stage/policy-keys.ts';
import { parseJson } from '../../wire/json.ts';
import type { SocketEvent } from '../event.ts';
import type { SocketAuthorizerStory } from '../explain/trace.ts';
import { AUTHORIZER_FAILURE, denied, type SocketFailure, UNAUTHORIZED } from '../failures.ts';
import { authorizerEvent } from '../integrations/lambda-event.ts';
import type { SocketAuthorizer, SocketDecision } from '../stage.ts';

export interface LambdaAuthorizerParts {
  readonly function: LambdaFunction;
  readonly callee: Callee;
  /** Each must be there and not empty. */
  readonly identitySources: readonly ((event: SocketEvent) => string | undefined)[];
  /** Of `$connect`. */
  readonly methodArn: string;
  readonly story: SocketAuthorizerStory;
}

/** Choice U32. */
const TIMEOUT_IN_MILLIS = 29_000;
/** §8.4.1, in bytes. */
const MAX_ANSWER = 8_192;
/** §8.4.1, in characters. */
const MAX_RESOURCE = 512;

const EXPLICIT = denied(
  'AccessDeniedException',
  'User is not authorized to access this resource with an explicit deny',
);
const UNMATCHED = denied('AccessDeniedException', 'User is not authorized to access this resource');

export class SocketLambdaAuthorizer implements SocketAuthorizer {
  readonly callee: Callee;
  readonly #parts: LambdaAuthorizerParts;

  constructor(parts: LambdaAuthorizerParts) {
    this.callee = parts.callee;
    this.#parts = parts;
  }

  explain(): SocketAuthorizerStory {
    return this.#parts.story;
  }

  async authorize(event: SocketEvent): Promise<SocketDecision> {
    const { identitySources, methodArn } = this.#parts;
    if (identitySources.some((read) => !read(event))) {
      return refused(UNAUTHORIZED, 'An identity source is missing');
    }
    const outcome = await this.#parts.function.invoke({
      event: authorizerEvent(event, methodArn),
      type: 'RequestResponse',
      timeoutInMillis: TIMEOUT_IN_MILLIS,
      requestId: event.requestId,
      traceId: event.traceId,
    });
    event.authorizerCall = { status: invokeStatusOf(outcome), requestId: awsRequestIdOf(outcome) };
    if (outcome.kind !== 'returned') return failedBy(outcome);
    if (Buffer.byteLength(outcome.payload) > MAX_ANSWER) {
      return refused(AUTHORIZER_FAILURE, `The answer has more than ${MAX_ANSWER} bytes`);
    }
    try {
      return this.#follow(event, outcome.payload);
    } catch (error) {
      if (error instanceof AnswerError) return refused(AUTHORIZER_FAILURE, error.message);
      throw error;
    }
  }

  #follow(event: SocketEvent, payload: string): SocketDecision {
    const answer = readAnswer(payload, { payloadFormatVersion: '2.0', simpleResponses: false });
    if (answer.kind !== 'policy') throw new AnswerError('the answer has no policy');
    const { authorization, policy } = answer;
    const document = parseJson(payload) as Document;
    requireShortResources(document);
    if ([...(authorization.context?.values() ?? [])].some(isNested)) {
      throw new AnswerError('the context has an object or array in it');
    }
    const keys = policyKeys({ ...event.request!, remoteAddress: event.connection.sourceIp });
    const request = { action: INVOKE, resource: this.#parts.methodArn, keys };
    const decision = decide([policy], request);
    switch (decision) {
      case 'denied':
        return refused(EXPLICIT, EXPLICIT.message);
      case 'unmatched':
        return refused(UNMATCHED, UNMATCHED.message);
      case 'allowed':
        event.connection.authorization = authorization;
        // The API key that the function names (§2.7.2).
        if (typeof document.usageIdentifierKey === 'string')
          event.usageIdentifierKey = document.usageIdentifierKey;
        return { granted: true };
      default:
        unreachable(decision);
    }
  }
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

interface Document {
  readonly usageIdentifierKey?: unknown;
  readonly policyDocument: { readonly Statement?: unknown };
}

/** Throws AnswerError. */
function requireShortResources({ policyDocument }: Document): void {
  for (const statement of [policyDocument.Statement].flat() as { [element: string]: unknown }[]) {
    const texts = [statement.Resource, statement.NotResource].flat();
    if (texts.some((text) => typeof text === 'string' && text.length > MAX_RESOURCE)) {
      throw new AnswerError(`a resource of the policy has more than ${MAX_RESOURCE} characters`);
    }
  }
}

/** The error `Unauthorized`, exactly, is a refusal; any other is a failure (§8.4.3). */
function failedBy(outcome: Exclude<InvocationOutcome, { kind: 'returned' }>): SocketDecision {
  if (outcome.kind !== 'functionError') {
    return refused(AUTHORIZER_FAILURE, `The authorizer could not be called: ${outcome.kind}`);
  }
  const message = errorMessageOf(outcome.payload);
  return message === 'Unauthorized'
    ? refused(UNAUTHORIZED, message)
    : refused(AUTHORIZER_FAILURE, `The authorizer failed: ${message ?? 'unknown error'}`);
}

function refused(failure: SocketFailure, error: string): SocketDecision {
  return { granted: false, failure, error };
}
