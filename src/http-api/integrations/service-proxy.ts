// The first-class AWS service integration of a route: parameters → the service's operation → reply plan
// (spec/http-api.md §3.7, §3.8, §4.9, §4.18).

import { failures, textOfDetail } from '../../backends/failures.ts';
import { errorMessageOf, passedHeaders, type ServiceAnswer } from '../../backends/services/answer.ts';
import type { AwsServices, ServiceOutcome } from '../../backends/services/aws-services.ts';
import type { ServiceOperation } from '../../backends/services/operations.ts';
import type { ResponseChange } from '../../grammar/mapping.ts';
import type { MappingValue } from '../../grammar/mapping-value.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { BAD_REQUEST, INTERNAL_SERVER_ERROR, type Refusal } from '../../net/refusals.ts';
import type { UpstreamReply } from '../../net/upstream/upstream.ts';
import { WholeBody } from '../../net/whole-body.ts';
import { type Call, MAX_PAYLOAD_BYTES } from '../call.ts';
import type { Cors } from '../cors.ts';
import type { ReplyPlan } from '../mapping/reply-plan.ts';
import type { ServiceParameters } from '../mapping/service-parameters.ts';
import type { ValueScope } from '../mapping/values.ts';
import type { RouteIntegration } from '../stage.ts';

export interface ServiceProxyParts {
  readonly operation: ServiceOperation;
  readonly parameters: ServiceParameters;
  /** The API's own, where no parameter says another. */
  readonly region: string;
  readonly roleArn: string;
  /** Plans of the statuses that ResponseParameters names. */
  readonly replies: ReadonlyMap<number, ReplyPlan>;
  /** The plan of every other status. */
  readonly plainReply: ReplyPlan;
  readonly cors: Cors | undefined;
  readonly services: AwsServices;
  readonly timeoutInMillis: number;
  /** Hears of every call that the service did not answer. `message` is `$context.integrationErrorMessage`. */
  readonly onFailed: (call: Call, message: string, error?: unknown) => void;
  /** The mappings as they were configured, for `explain` alone. */
  readonly configured: {
    readonly parameters: ReadonlyMap<string, MappingValue>;
    readonly responseChanges: ReadonlyMap<number, readonly ResponseChange[]>;
    readonly scope: (side: ValueScope['side']) => ValueScope;
  };
}

const DENIED =
  "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. " +
  'Check the permissions and try again.';

const DEFECT = 'The AWS service could not be called';

export class ServiceProxy implements RouteIntegration {
  readonly parts: ServiceProxyParts;

  constructor(parts: ServiceProxyParts) {
    this.parts = parts;
  }

  invoke(call: Call): void {
    const { body } = call.exchange;
    if (!this.parts.parameters.readsBody) {
      body.discard();
      return this.#send(call);
    }
    if (body.whole !== undefined) {
      call.setRequestBytes(body.whole);
      return this.#send(call);
    }
    body.read(MAX_PAYLOAD_BYTES, (bytes) => {
      // Without its whole body the request is the codec's to refuse, or its client is gone.
      if (bytes === undefined) return;
      call.setRequestBytes(bytes);
      this.#send(call);
    });
  }

  #send(call: Call): void {
    const { operation, parameters, roleArn, services, timeoutInMillis } = this.parts;
    const resolved = parameters.resolve(call);
    if (resolved.unresolved !== undefined) {
      // The integration was not called.
      call.integrationBegan = -1;
      return this.#fail(call, BAD_REQUEST, resolved.unresolved);
    }
    const { input, region = this.parts.region } = resolved;
    const controller = new AbortController();
    call.exchange.aborter = controller;
    services
      .call({ operation, input, region, roleArn, timeoutInMillis, signal: controller.signal })
      .then((outcome) => this.#take(call, outcome))
      .catch((error: unknown) => this.#fail(call, INTERNAL_SERVER_ERROR, DEFECT, error));
  }

  #take(call: Call, outcome: ServiceOutcome): void {
    call.integrationEnded = call.elapsed();
    switch (outcome.kind) {
      case 'answered':
        call.reply = this.#replyOf(outcome.answer);
        return this.#finish(call, call.reply, outcome.answer.body);
      case 'unasked':
        return this.#fail(call, INTERNAL_SERVER_ERROR, outcome.message);
      case 'refused':
        call.reply = this.#replyOf(outcome.answer);
        return this.#fail(call, INTERNAL_SERVER_ERROR, errorMessageOf(outcome.answer));
      case 'denied':
        if (outcome.answer !== undefined) call.reply = this.#replyOf(outcome.answer);
        return this.#fail(
          call,
          INTERNAL_SERVER_ERROR,
          DENIED,
          outcome.error ?? outcome.answer?.body.toString(),
        );
      case 'failed': {
        const { refusal, message } = failures[outcome.cause];
        return this.#fail(call, refusal, message, outcome.error);
      }
    }
  }

  #replyOf(answer: ServiceAnswer): UpstreamReply {
    return {
      status: answer.status,
      headers: HeaderBlock.fromPairs(passedHeaders(answer, this.parts.operation.contentType)),
      canonical: false,
      body: new WholeBody(answer.body),
    };
  }

  #finish(call: Call, reply: UpstreamReply, body: Buffer): void {
    const { cors, replies, plainReply } = this.parts;
    const plan = replies.get(reply.status) ?? plainReply;
    if (plan.readsBody) call.setReplyBytes(body);
    const status = plan.status(call, reply);
    let lines = plan.headerLines(call, reply);
    const origin = cors === undefined ? undefined : call.exchange.headers.first('origin');
    if (origin !== undefined) lines += cors!.replyLines(origin);
    call.send(status, lines, status === 204 || status === 304 ? '' : body);
  }

  #fail(call: Call, refusal: Refusal, message: string, error?: unknown): void {
    call.failure = message;
    call.failureDetail = textOfDetail(error);
    this.parts.onFailed(call, message, error);
    if (!call.exchange.replied) call.refuse(refusal);
  }
}
