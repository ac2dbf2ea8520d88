// AWS integrations that invoke a Lambda function: the payload is the event, the function's answer is the response
// (spec/websocket-api.md §3.4.2, §3.4.4, §4.3.2).
import { isJson } from '../../grammar/json-scan.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import type { Callee } from '../../stage/callee.ts';
import { errorMessageOf } from '../../stage/lambda-outcome.ts';
import { bytesOf, textOf } from '../bytes.ts';
import type { SocketEvent } from '../event.ts';
import { type ConfiguredMapping, explainMapping } from '../explain/explain-mapping.ts';
import type { IntegrationStory } from '../explain/trace.ts';
import { INTERNAL_ERROR } from '../failures.ts';
import type { ResponsePlan, SocketAnswer, SocketFailed, SocketIntegration } from '../stage.ts';
import { failed } from './failed.ts';
import { callFunction, type FunctionCall, failureOf, noteOutcome } from './lambda-call.ts';
import type { RequestPlan } from './request-plan.ts';

export interface LambdaCustomParts {
  readonly target: FunctionCall;
  readonly request: RequestPlan;
  readonly response: ResponsePlan;
  readonly configured: ConfiguredMapping;
}

/** Of what Lambda answers, whatever the function returned. */
const JSON_HEADERS = HeaderBlock.fromPairs(['Content-Type', 'application/json']);

const INVOCATION_TYPE = 'x-amz-invocation-type';

export class LambdaCustomIntegration implements SocketIntegration {
  readonly reply: ResponsePlan;
  readonly callee: Callee;
  readonly #parts: LambdaCustomParts;

  constructor(parts: LambdaCustomParts) {
    this.callee = parts.target.callee;
    this.reply = parts.response;
    this.#parts = parts;
  }

  explain(event: SocketEvent): IntegrationStory {
    return explainMapping(event, this.#parts.configured);
  }

  async invoke(event: SocketEvent): Promise<SocketAnswer | SocketFailed> {
    const request = this.#parts.request(event);
    if (request.kind === 'failed') return request;
    const { payload, header } = request;
    const text = event.body === '' && !payload.isRendered ? '{}' : textOf(payload.data);
    if (!isJson(bytesOf(text))) return failed(INTERNAL_ERROR, 'Could not parse request body into json');
    const type = [...header].find(([name]) => name.toLowerCase() === INVOCATION_TYPE)?.[1];
    const isEvent = type === 'Event';
    const invocation = isEvent ? 'Event' : 'RequestResponse';
    const outcome = await callFunction(event, this.#parts.target, text, header, invocation);
    noteOutcome(event, outcome);
    switch (outcome.kind) {
      case 'returned': {
        const status = isEvent ? 202 : 200;
        return { kind: 'answered', status, headers: JSON_HEADERS, body: outcome.payload };
      }
      case 'functionError': {
        const errorMessage = errorMessageOf(outcome.payload) ?? '';
        return { kind: 'answered', status: 200, headers: JSON_HEADERS, body: outcome.payload, errorMessage };
      }
      default:
        return failureOf(outcome)!;
    }
  }
}
