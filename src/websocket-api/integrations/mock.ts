// MOCK integrations: the request template says the status (spec/websocket-api.md §3.6).
import { parseLenientJson } from '../../template/lenient-json.ts';
import { Budget, MAX_STEPS, TemplateError, VMap } from '../../template/values.ts';
import { textOf } from '../bytes.ts';
import type { SocketEvent } from '../event.ts';
import { type ConfiguredMapping, explainMapping } from '../explain/explain-mapping.ts';
import type { IntegrationStory } from '../explain/trace.ts';
import { INTERNAL_ERROR } from '../failures.ts';
import type { ResponsePlan, SocketAnswer, SocketFailed, SocketIntegration } from '../stage.ts';
import { failed, NO_HEADERS, NO_SENT_HEADERS } from './failed.ts';
import type { PayloadPlan } from './request-payload.ts';

export class MockIntegration implements SocketIntegration {
  readonly isImaginary = true;
  readonly reply: ResponsePlan;
  readonly #payload: PayloadPlan;
  readonly #configured: ConfiguredMapping;
  /** Templates that say the same each time are read once. */
  #lastText = '';
  #lastStatus: number | undefined = undefined;

  constructor(payload: PayloadPlan, response: ResponsePlan, configured: ConfiguredMapping) {
    this.reply = response;
    this.#configured = configured;
    this.#payload = payload;
  }

  explain(event: SocketEvent): IntegrationStory {
    return explainMapping(event, this.#configured);
  }

  invoke(event: SocketEvent): SocketAnswer | SocketFailed {
    const payload = this.#payload(event);
    if (payload.kind === 'failed') return payload;
    const text = textOf(payload.data);
    event.note('', NO_SENT_HEADERS, text);
    if (text !== this.#lastText) {
      this.#lastText = text;
      this.#lastStatus = statusIn(text);
    }
    return this.#lastStatus === undefined
      ? failed(INTERNAL_ERROR, 'The request template of a MOCK integration has no statusCode')
      : { kind: 'answered', status: this.#lastStatus, headers: NO_HEADERS, body: '' };
  }
}

/** The integer `statusCode` of an object, leniently parsed. */
function statusIn(text: string): number | undefined {
  try {
    const value = parseLenientJson(text, new Budget(MAX_STEPS));
    const status = value instanceof VMap ? value.entries.get('statusCode') : undefined;
    return typeof status === 'bigint' ? Number(status) : undefined;
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
