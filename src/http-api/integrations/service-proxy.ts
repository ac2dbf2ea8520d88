// The first-class AWS service integration of a route: parameters → the service's operation → its ending
// (spec/http-api.md §3.7, §3.8, §4.9, §4.18).

import { failures, NO_PERMISSION } from '../../backends/failures.ts';
import { errorMessageOf, passedHeaders, type ServiceAnswer } from '../../backends/services/answer.ts';
import type { AwsServices, ServiceOutcome } from '../../backends/services/aws-services.ts';
import type { ServiceOperation } from '../../backends/services/operations.ts';
import { unreachable } from '../../defect.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { BAD_REQUEST, INTERNAL_SERVER_ERROR } from '../../net/refusals.ts';
import type { UpstreamReply } from '../../net/upstream/upstream.ts';
import { WholeBody } from '../../net/whole-body.ts';
import { type Callee, serviceCallee } from '../../stage/callee.ts';
import type { Call, RequestReader } from '../call.ts';
import { explainServiceCall, type ServiceTarget } from '../explain/service-call.ts';
import type { IntegrationStory, SentReply } from '../explain/trace.ts';
import type { RouteIntegration } from '../stage.ts';
import type { Ending } from './ending.ts';

export interface ServiceProxyParts extends ServiceTarget {
  readonly operation: ServiceOperation;
  readonly services: AwsServices;
  readonly timeoutInMillis: number;
  readonly ending: Ending;
}

const DEFECT = 'The AWS service could not be called';

export class ServiceProxy implements RouteIntegration, RequestReader {
  readonly callee: Callee;
  readonly #parts: ServiceProxyParts;

  constructor(parts: ServiceProxyParts) {
    const [service = '', operation = ''] = parts.operation.subtype.split('-');
    this.callee = serviceCallee(service, operation, parts.region);
    this.#parts = parts;
  }

  invoke(call: Call): void {
    if (this.#parts.parameters.readsBody) return call.readRequest(this);
    call.body.discard();
    this.onRequest(call);
  }

  onRequest(call: Call): void {
    const { operation, parameters, roleArn, services, timeoutInMillis, ending } = this.#parts;
    const resolved = parameters.resolve(call);
    if (resolved.unresolved !== undefined) return ending.decline(call, BAD_REQUEST, resolved.unresolved);
    const { input, region = this.#parts.region } = resolved;
    const controller = new AbortController();
    call.exchange.aborter = controller;
    services
      .call({ operation, input, region, roleArn, timeoutInMillis, signal: controller.signal })
      .then((outcome) => this.#take(call, outcome))
      .catch((error: unknown) => ending.fail(call, INTERNAL_SERVER_ERROR, DEFECT, error));
  }

  calls(): string {
    return this.#parts.operation.subtype;
  }

  explain(call: Call, sent: SentReply): IntegrationStory {
    return {
      ...explainServiceCall(call, this.#parts),
      responseMappings: this.#parts.ending.explain(call, sent),
    };
  }

  #take(call: Call, outcome: ServiceOutcome): void {
    const { ending } = this.#parts;
    switch (outcome.kind) {
      case 'answered':
        return ending.reply(call, this.#replyOf(outcome.answer));
      case 'unasked':
        return ending.fail(call, INTERNAL_SERVER_ERROR, outcome.message);
      case 'refused':
        call.reply = this.#replyOf(outcome.answer);
        return ending.fail(call, INTERNAL_SERVER_ERROR, errorMessageOf(outcome.answer));
      case 'denied': {
        const { answer, error } = outcome;
        if (answer !== undefined) call.reply = this.#replyOf(answer);
        return ending.fail(call, INTERNAL_SERVER_ERROR, NO_PERMISSION, error ?? answer?.body.toString());
      }
      case 'failed': {
        const { refusal, message } = failures[outcome.cause];
        return ending.fail(call, refusal, message, outcome.error);
      }
      default:
        unreachable(outcome);
    }
  }

  #replyOf(answer: ServiceAnswer): UpstreamReply {
    return {
      status: answer.status,
      headers: HeaderBlock.fromPairs(passedHeaders(answer, this.#parts.operation.contentType)),
      canonical: false,
      body: new WholeBody(answer.body),
    };
  }
}
