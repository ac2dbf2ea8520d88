// The upstream of a private integration: each request goes to the target whose turn it is, over the pool of that target.
import type {
  FailureCause,
  OriginUpstream,
  Upstream,
  UpstreamCall,
  UpstreamHandler,
  UpstreamPools,
  UpstreamRequest,
} from '../../net/upstream/upstream.ts';
import type { Target, TargetGroup } from './target-group.ts';

export class PrivateUpstream implements Upstream {
  readonly #group: TargetGroup;
  readonly #pools: UpstreamPools;
  readonly #serverName: string | undefined;
  readonly #held = new Map<Target, OriginUpstream>();
  #generation: number;

  /** With a server name targets are called by HTTPS: it is sent as SNI and checked against the certificate. */
  constructor(group: TargetGroup, pools: UpstreamPools, serverName: string | undefined) {
    this.#group = group;
    this.#pools = pools;
    this.#serverName = serverName;
    this.#generation = group.generation;
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    if (this.#group.isResolved) return this.#send(request, handler);
    const call = new WaitingCall(handler, request.timeoutInMillis);
    this.#group.onceResolved(() => {
      if (call.end()) call.sent = this.#send(request, handler);
    });
    return call;
  }

  /** Lets go of the pools. */
  close(): void {
    for (const upstream of this.#held.values()) this.#pools.release(upstream);
    this.#held.clear();
  }

  #send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    if (this.#generation !== this.#group.generation) this.#dropGone();
    const target = this.#group.next();
    if (target === undefined) {
      request.body.discard();
      const call = new WaitingCall(handler, request.timeoutInMillis);
      process.nextTick(() => {
        if (call.end()) handler.onFailure('noTarget');
      });
      return call;
    }
    return this.#upstreamOf(target).send(request, handler);
  }

  #upstreamOf(target: Target): OriginUpstream {
    let upstream = this.#held.get(target);
    if (upstream === undefined) {
      const { host, port } = target;
      const serverName = this.#serverName;
      upstream = this.#pools.acquire(
        serverName === undefined ? { secure: false, host, port } : { secure: true, host, port, serverName },
      );
      this.#held.set(target, upstream);
    }
    return upstream;
  }

  #dropGone(): void {
    this.#generation = this.#group.generation;
    for (const [target, upstream] of this.#held) {
      if (this.#group.targets.includes(target)) continue;
      this.#held.delete(target);
      this.#pools.release(upstream);
    }
  }
}

/** A call without a connection: its targets are being looked up, or there are none. */
class WaitingCall implements UpstreamCall {
  sent: UpstreamCall | undefined = undefined;
  readonly #handler: UpstreamHandler;
  #deadline: NodeJS.Timeout | undefined;

  constructor(handler: UpstreamHandler, timeoutInMillis: number) {
    this.#handler = handler;
    this.#deadline = setTimeout(() => this.#fail('timeout'), timeoutInMillis);
  }

  get origin(): UpstreamCall['origin'] {
    return this.sent?.origin;
  }

  /** The waiting is over. False when it was before. */
  end(): boolean {
    const isWaiting = this.#deadline !== undefined;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    return isWaiting;
  }

  abort(): void {
    if (this.sent !== undefined) this.sent.abort();
    else this.#fail('aborted');
  }

  #fail(cause: FailureCause): void {
    if (this.end()) this.#handler.onFailure(cause);
  }
}
