// Lambda REQUEST authorizers (spec/http-api.md §6.3): the function is asked once for a caller's identity, as long as its
// answer lives; a policy is judged anew for each route ARN.

import type { InvocationOutcome, LambdaFunction } from '../../backends/lambda-function.ts';
import { unreachable } from '../../defect.ts';
import { decide, type Policy } from '../../identity/policy.ts';
import { AUTHORIZER_FAILURE, FORBIDDEN, UNAUTHORIZED } from '../../net/refusals.ts';
import { type Callee, functionCallee } from '../../stage/callee.ts';
import { AnswerError, type AnswerForm, readAnswer } from '../../stage/lambda-authorizer-answer.ts';
import { errorMessageOf } from '../../stage/lambda-outcome.ts';
import { INVOKE, policyKeys } from '../../stage/policy-keys.ts';
import { routePath } from '../../stage/route-arn.ts';
import type { Decision, RouteAuthorizer } from '../authorization.ts';
import type { Call } from '../call.ts';
import type { LambdaStory } from '../explain/trace.ts';
import type { ValueReader } from '../mapping/values.ts';
import { type AuthorizerCache, type Cacheable, cacheKey } from './authorizer-cache.ts';

/** What the function's answer comes to, for every request it is good for. */
export type Verdict =
  | { readonly kind: 'decided'; readonly decision: Decision }
  | { readonly kind: 'policy'; readonly policy: Policy; readonly granted: Decision };

export interface LambdaAuthorizerOptions extends AnswerForm {
  /** Called with the values of the identity sources; undefined when there are none. */
  readonly event: (call: Call, routeArn: string, identity: readonly string[] | undefined) => string;
  readonly function: LambdaFunction;
  readonly identitySources: readonly ValueReader[];
  /** Of the authorizer in its stage; undefined when results are not kept. */
  readonly cache: AuthorizerCache<Verdict> | undefined;
  /** routeArnStart. */
  readonly arnStart: string;
  /** Hears why the function's answer could not be had or used. */
  readonly onFailed: (call: Call, message: string) => void;
  /** For `explain`, and the ARN for spans. */
  readonly configured: Pick<LambdaStory, 'name' | 'functionArn' | 'identitySources' | 'ttlInSeconds'>;
}

const TIMEOUT_IN_MILLIS = 10_000;
const MAX_ERROR_LENGTH = 256;

export class LambdaAuthorizer implements RouteAuthorizer {
  readonly callee: Callee;
  readonly #options: LambdaAuthorizerOptions;

  constructor(options: LambdaAuthorizerOptions) {
    this.callee = functionCallee(options.configured.functionArn);
    this.#options = options;
  }

  authorize(call: Call): Decision | Promise<Decision> {
    const { identitySources, cache } = this.#options;
    const identity: string[] = [];
    for (const read of identitySources) {
      const value = read(call);
      if (value === undefined || value === '') return NO_IDENTITY;
      identity.push(value);
    }
    const arn = this.#options.arnStart + routePath(call.exchange.method, call.path);
    if (cache === undefined) {
      return this.#ask(call, arn, identity).then(({ value }) => judge(value, call, arn));
    }
    const key = cacheKey(identity);
    const known = cache.get(key);
    if (known !== undefined) return judge(known, call, arn);
    return cache.load(key, () => this.#ask(call, arn, identity)).then((verdict) => judge(verdict, call, arn));
  }

  explain(): LambdaStory {
    const { configured, payloadFormatVersion, simpleResponses } = this.#options;
    return { kind: 'lambda', ...configured, payloadFormatVersion, simpleResponses };
  }

  async #ask(call: Call, arn: string, identity: readonly string[]): Promise<Cacheable<Verdict>> {
    const { event, function: lambda, identitySources } = this.#options;
    const outcome = await lambda.invoke({
      event: event(call, arn, identitySources.length === 0 ? undefined : identity),
      type: 'RequestResponse',
      timeoutInMillis: TIMEOUT_IN_MILLIS,
      requestId: call.exchange.requestId,
      traceId: call.traceId,
    });
    if (outcome.kind !== 'returned') return this.#failed(call, problemOf(outcome));
    try {
      const { payload } = outcome;
      return { value: verdictOf(payload, this.#options), characters: payload.length };
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      return this.#failed(call, `The authorizer's answer cannot be used: ${error.message}`);
    }
  }

  /** Failures are not kept. */
  #failed(call: Call, error: string): Cacheable<Verdict> {
    this.#options.onFailed(call, error);
    return {
      value: { kind: 'decided', decision: refusal(AUTHORIZER_FAILURE, error) },
      characters: undefined,
    };
  }
}

function refusal(refused: typeof FORBIDDEN, error: string): Decision {
  return Object.freeze({ granted: false, refusal: refused, headerLines: '', error });
}

const NO_IDENTITY = refusal(UNAUTHORIZED, 'An identity source is missing');
const NOT_AUTHORIZED = refusal(FORBIDDEN, 'The authorizer did not authorize the request');
const EXPLICIT_DENY = refusal(
  FORBIDDEN,
  'User is not authorized to access this resource with an explicit deny',
);
const NO_ALLOW = refusal(FORBIDDEN, 'User is not authorized to access this resource');

function verdictOf(payload: string, form: AnswerForm): Verdict {
  const answer = readAnswer(payload, form);
  const granted: Decision = Object.freeze({ granted: true, authorization: answer.authorization });
  if (answer.kind === 'policy') return { kind: 'policy', policy: answer.policy, granted };
  return { kind: 'decided', decision: answer.isAuthorized ? granted : NOT_AUTHORIZED };
}

function judge(verdict: Verdict, call: Call, resource: string): Decision {
  if (verdict.kind === 'decided') return verdict.decision;
  const { policy, granted } = verdict;
  const decision = decide([policy], {
    action: INVOKE,
    resource,
    keys: policyKeys(call.exchange),
  });
  if (decision === 'allowed') return granted;
  return decision === 'denied' ? EXPLICIT_DENY : NO_ALLOW;
}

function problemOf(outcome: Exclude<InvocationOutcome, { kind: 'returned' }>): string {
  switch (outcome.kind) {
    case 'functionError':
      return `The authorizer's function failed: ${shortened(errorMessageOf(outcome.payload) ?? 'without a reason')}`;
    case 'refused':
      return `The authorizer's function cannot be invoked: ${shortened(outcome.message)}`;
    case 'notConfigured':
      return outcome.message;
    case 'throttled':
      return "The authorizer's function is throttled";
    case 'tooLarge':
      return "The event is too large for the authorizer's function";
    case 'unavailable':
      return `The authorizer's function cannot be reached: ${shortened(outcome.message)}`;
    case 'timeout':
      return `The authorizer's function took longer than ${TIMEOUT_IN_MILLIS} ms`;
    default:
      unreachable(outcome);
  }
}

function shortened(text: string): string {
  return text.length > MAX_ERROR_LENGTH ? `${text.slice(0, MAX_ERROR_LENGTH)}…` : text;
}
