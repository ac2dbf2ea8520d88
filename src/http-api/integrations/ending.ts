// How a call ends, whatever kind of integration it had: with the backend's reply by the reply plan of its status, or with the
// refusal of its failure (spec/http-api.md §3.4, §3.8, §4.9, §5.4).
import { failureDetail, failures, textOfDetail } from '../../backends/failures.ts';
import type { Bytes } from '../../net/bytes.ts';
import type { Refusal } from '../../net/refusals.ts';
import type { FailureCause, UpstreamReply } from '../../net/upstream/upstream.ts';
import { NO_BODY } from '../../net/whole-body.ts';
import type { MappingStep } from '../../stage/mapping-step.ts';
import { type Call, MAX_PAYLOAD_BYTES } from '../call.ts';
import type { Cors } from '../cors.ts';
import { explainResponseMappings, type ResponseMappings } from '../explain/mappings.ts';
import type { SentReply } from '../explain/trace.ts';
import type { ReplyPlan } from '../mapping/reply-plan.ts';

/** Hears of every call that the integration did not answer. `message` is `$context.integrationErrorMessage`, `detail` what
 *  is known beyond it. */
export type OnFailed = (call: Call, message: string, detail?: unknown) => void;

export interface EndingParts {
  /** Plans of the statuses that ResponseParameters names. */
  readonly plans: ReadonlyMap<number, ReplyPlan>;
  /** The plan of every other status. */
  readonly plainPlan: ReplyPlan;
  readonly cors: Cors | undefined;
  readonly onFailed: OnFailed;
  /** For `explain` alone. */
  readonly configured: ResponseMappings;
}

/** Of one integration; its calls share it. */
export class Ending {
  readonly #parts: EndingParts;

  constructor(parts: EndingParts) {
    this.#parts = parts;
  }

  /** The backend replied; the body may still be on its way. */
  reply(call: Call, reply: UpstreamReply): void {
    noteEnd(call);
    call.reply = reply;
    const plan = this.#parts.plans.get(reply.status) ?? this.#parts.plainPlan;
    const { body } = reply;
    if (!plan.readsBody || body.whole !== undefined) {
      if (plan.readsBody) call.setReplyBytes(body.whole!);
      return this.#send(call, reply, plan, body.whole);
    }
    body.read(MAX_PAYLOAD_BYTES, (bytes, cause) => {
      if (bytes === undefined) return this.breakOff(call, isFailureCause(cause) ? cause : 'reset');
      call.setReplyBytes(bytes);
      this.#send(call, reply, plan, bytes);
    });
  }

  /** The call of the backend broke off. `error`: see UpstreamHandler. */
  breakOff(call: Call, cause: FailureCause, error?: unknown): void {
    const { refusal, message } = failures[cause];
    this.fail(call, refusal, message, failureDetail(call.upstream?.origin, cause, error));
  }

  /** No reply that can be used: the client is refused, where it has got nothing. */
  fail(call: Call, refusal: Refusal, message: string, detail?: unknown): void {
    fail(call, this.#parts.onFailed, refusal, message, detail);
  }

  /** The backend was not called: what it would have got cannot be made. */
  decline(call: Call, refusal: Refusal, message: string): void {
    decline(call, this.#parts.onFailed, refusal, message);
  }

  /** The response mappings of a call that is over. */
  explain(call: Call, sent: SentReply): readonly MappingStep[] {
    return explainResponseMappings(call, this.#parts.configured, sent);
  }

  #send(call: Call, reply: UpstreamReply, plan: ReplyPlan, whole: Bytes | undefined): void {
    const { exchange } = call;
    const { cors } = this.#parts;
    const status = plan.status(call, reply);
    let lines = plan.headerLines(call, reply);
    if (cors !== undefined) {
      const origin = exchange.headers.first('origin');
      if (origin !== undefined) lines += cors.replyLines(origin);
    }
    if (call.head !== '' && (call.method === 'HEAD' || exchange.method === 'HEAD')) {
      // A backend declares the length of a body that it does not send.
      const declared = reply.headers.first('content-length');
      reply.body.discard();
      NO_BODY.pipe(
        call.stream(status, lines, declared === undefined ? (whole?.length ?? -1) : Number(declared)),
      );
    } else if (status === 204 || status === 304) {
      if (whole === undefined) reply.body.discard();
      call.send(status, lines, '');
    } else if (whole !== undefined) call.send(status, lines, whole);
    else reply.body.pipe(call.stream(status, lines, reply.body.length));
  }
}

/** Refuses a call whose backend was not called. */
export function decline(call: Call, onFailed: OnFailed, refusal: Refusal, message: string): void {
  call.integrationBegan = -1;
  fail(call, onFailed, refusal, message);
}

function fail(call: Call, onFailed: OnFailed, refusal: Refusal, message: string, detail?: unknown): void {
  noteEnd(call);
  call.failure = message;
  call.failureDetail = textOfDetail(detail);
  onFailed(call, message, detail);
  if (!call.exchange.replied) call.refuse(refusal);
}

/** For the latency in logs and metrics: a mapping that waits for the body does not count. */
function noteEnd(call: Call): void {
  if (call.integrationEnded < 0) call.integrationEnded = call.elapsed();
}

function isFailureCause(cause: string | undefined): cause is FailureCause {
  return cause !== undefined && Object.hasOwn(failures, cause);
}
