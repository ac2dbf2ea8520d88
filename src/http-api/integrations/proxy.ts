// The HTTP_PROXY integration of a route: request plan → upstream → reply plan (spec/http-api.md §3.2 to §3.4, §3.8, §4).

import { failureDetail, failures } from '../../backends/failures.ts';
import type { RequestChange, ResponseChange } from '../../grammar/mapping.ts';
import type { Bytes } from '../../net/bytes.ts';
import type { Refusal } from '../../net/refusals.ts';
import type { FailureCause, Upstream, UpstreamReply } from '../../net/upstream/upstream.ts';
import { NO_BODY, WholeBody } from '../../net/whole-body.ts';
import { type Call, type CallOwner, MAX_PAYLOAD_BYTES } from '../call.ts';
import type { Cors } from '../cors.ts';
import type { ReplyPlan } from '../mapping/reply-plan.ts';
import type { RequestPlan } from '../mapping/request-plan.ts';
import type { ValueScope } from '../mapping/values.ts';
import type { RouteIntegration } from '../stage.ts';

export interface HttpProxyParts {
  readonly request: RequestPlan;
  /** Plans of the statuses that ResponseParameters names. */
  readonly replies: ReadonlyMap<number, ReplyPlan>;
  /** The plan of every other status. */
  readonly plainReply: ReplyPlan;
  readonly cors: Cors | undefined;
  readonly upstream: Upstream;
  readonly timeoutInMillis: number;
  /** Hears of every failed backend call. `message` is `$context.integrationErrorMessage`. */
  readonly onFailed: (call: Call, message: string) => void;
  /** The mappings as they were configured, for `explain` alone. */
  readonly configured: {
    readonly requestChanges: readonly RequestChange[];
    readonly responseChanges: ReadonlyMap<number, readonly ResponseChange[]>;
    readonly scope: (side: ValueScope['side']) => ValueScope;
  };
}

const isFailureCause = (cause: string | undefined): cause is FailureCause =>
  cause !== undefined && Object.hasOwn(failures, cause);

export class HttpProxy implements RouteIntegration, CallOwner {
  readonly parts: HttpProxyParts;

  constructor(parts: HttpProxyParts) {
    this.parts = parts;
  }

  invoke(call: Call): void {
    if (!this.parts.request.readsBody) return this.#send(call);
    const { body } = call;
    if (body.whole !== undefined) {
      call.setRequestBytes(body.whole);
      return this.#send(call);
    }
    body.read(MAX_PAYLOAD_BYTES, (bytes) => {
      // Without its whole body the request is the codec's to refuse, or its client is gone.
      if (bytes === undefined) return;
      call.setRequestBytes(bytes);
      call.body = new WholeBody(bytes);
      call.integrationBegan = call.elapsed();
      this.#send(call);
    });
  }

  onReply(call: Call, reply: UpstreamReply): void {
    call.reply = reply;
    const plan = this.parts.replies.get(reply.status) ?? this.parts.plainReply;
    const { body } = reply;
    if (!plan.readsBody || body.whole !== undefined) {
      if (plan.readsBody) call.setReplyBytes(body.whole!);
      return this.#finish(call, reply, plan, body.whole);
    }
    body.read(MAX_PAYLOAD_BYTES, (bytes, cause) => {
      if (bytes === undefined) return this.onFailure(call, isFailureCause(cause) ? cause : 'reset');
      call.setReplyBytes(bytes);
      this.#finish(call, reply, plan, bytes);
    });
  }

  onFailure(call: Call, cause: FailureCause, error?: unknown): void {
    call.failureDetail = failureDetail(call.upstream?.origin, cause, error);
    this.#fail(call, failures[cause].message, failures[cause].refusal);
  }

  #send(call: Call): void {
    const head = this.parts.request.build(call);
    if (typeof head !== 'string') {
      // The backend was not called.
      call.integrationBegan = -1;
      return this.#fail(call, head.reason, head.refusal);
    }
    call.head = head;
    call.timeoutInMillis = this.parts.timeoutInMillis;
    call.owner = this;
    call.upstream = this.parts.upstream.send(call, call);
    call.exchange.aborter = call.upstream;
  }

  #finish(call: Call, reply: UpstreamReply, plan: ReplyPlan, whole: Bytes | undefined): void {
    const { exchange } = call;
    const { cors } = this.parts;
    const status = plan.status(call, reply);
    let lines = plan.headerLines(call, reply);
    if (cors !== undefined) {
      const origin = exchange.headers.first('origin');
      if (origin !== undefined) lines += cors.replyLines(origin);
    }
    if (call.method === 'HEAD' || exchange.method === 'HEAD') {
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

  #fail(call: Call, message: string, refusal: Refusal): void {
    call.failure = message;
    this.parts.onFailed(call, message);
    if (!call.exchange.replied) call.refuse(refusal);
  }
}
