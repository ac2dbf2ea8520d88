// The HTTP_PROXY integration of a route: request plan → upstream → its ending (spec/http-api.md §3.2 to §3.4, §3.8, §4).
import { printOrigin } from '../../backends/failures.ts';
import type { Upstream } from '../../net/upstream/upstream.ts';
import type { Call, RequestReader } from '../call.ts';
import { explainBackendRequest } from '../explain/backend-request.ts';
import type { RequestMappings } from '../explain/mappings.ts';
import type { IntegrationStory, SentReply } from '../explain/trace.ts';
import type { RequestPlan } from '../mapping/request-plan.ts';
import type { RouteIntegration } from '../stage.ts';
import type { Ending } from './ending.ts';

export interface HttpProxyParts {
  readonly request: RequestPlan;
  readonly upstream: Upstream;
  readonly timeoutInMillis: number;
  readonly ending: Ending;
  /** For `explain` alone. */
  readonly configured: RequestMappings;
}

export class HttpProxy implements RouteIntegration, RequestReader {
  readonly #parts: HttpProxyParts;

  constructor(parts: HttpProxyParts) {
    this.#parts = parts;
  }

  invoke(call: Call): void {
    if (this.#parts.request.readsBody) call.readRequest(this);
    else this.onRequest(call);
  }

  onRequest(call: Call): void {
    const { request, upstream, timeoutInMillis, ending } = this.#parts;
    const head = request.build(call);
    if (typeof head !== 'string') return ending.decline(call, head.refusal, head.reason);
    call.head = head;
    call.timeoutInMillis = timeoutInMillis;
    call.ending = ending;
    call.upstream = upstream.send(call, call);
    call.exchange.aborter = call.upstream;
  }

  calls({ head, upstream }: Call): string | undefined {
    const origin = upstream?.origin;
    if (head === '' || origin === undefined) return undefined;
    const start = head.indexOf(' ') + 1;
    return printOrigin(origin) + head.slice(start, head.indexOf(' ', start)).replace(/\?.*/s, '');
  }

  explain(call: Call, sent: SentReply): IntegrationStory {
    const { configured, ending } = this.#parts;
    return { ...explainBackendRequest(call, configured), responseMappings: ending.explain(call, sent) };
  }
}
