// AWS integrations that invoke a Lambda function: the payload is the event, the function's answer is the response
// (spec/websocket-api.md §3.4.2, §3.4.4, §4.3.2).
import type { LambdaFunction } from '../../backends/lambda-function.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { textOf } from '../bytes.ts';
import type { SocketEvent } from '../event.ts';
import { INTERNAL_ERROR } from '../failures.ts';
import type { SocketAnswer, SocketFailed, SocketIntegration, SocketReply } from '../stage.ts';
import { failed } from './failed.ts';
import { errorMessageOf, failureOf, noteOutcome } from './lambda-outcome.ts';
import type { ParameterPlan } from './parameters.ts';
import type { PayloadPlan } from './request-payload.ts';
import type { ResponsePlan } from './response-plan.ts';

export interface LambdaCustomParts {
  readonly function: LambdaFunction;
  /** The integration's, for logs. */
  readonly uri: string;
  readonly payload: PayloadPlan;
  readonly parameters: ParameterPlan;
  readonly response: ResponsePlan;
  readonly timeoutInMillis: number;
}

/** Of what Lambda answers, whatever the function returned. */
const JSON_HEADERS = HeaderBlock.fromPairs(['Content-Type', 'application/json']);

const INVOCATION_TYPE = 'x-amz-invocation-type';

export class LambdaCustomIntegration implements SocketIntegration {
  readonly #parts: LambdaCustomParts;

  constructor(parts: LambdaCustomParts) {
    this.#parts = parts;
  }

  async invoke(event: SocketEvent): Promise<SocketAnswer | SocketFailed> {
    const payload = this.#parts.payload(event);
    if (payload.kind === 'failed') return payload;
    const parameters = this.#parts.parameters(event);
    if (parameters.kind === 'failed') return parameters;
    const text = event.body === '' && !payload.isRendered ? '{}' : textOf(payload.data);
    if (!isJson(text)) return failed(INTERNAL_ERROR, 'Could not parse request body into json');
    const type = [...parameters.header].find(([name]) => name.toLowerCase() === INVOCATION_TYPE)?.[1];
    const isEvent = type === 'Event';
    event.note(this.#parts.uri, parameters.header, text);
    const outcome = await this.#parts.function.invoke({
      event: text,
      type: isEvent ? 'Event' : 'RequestResponse',
      timeoutInMillis: this.#parts.timeoutInMillis,
      requestId: event.requestId,
      traceId: event.traceId,
    });
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

  reply(event: SocketEvent, answer: SocketAnswer): SocketReply | SocketFailed {
    return this.#parts.response(event, answer);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
