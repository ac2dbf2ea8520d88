// Faults of integrations, which a test turns on and off: they stand between routes and what those call (snapshot/interposed.ts).
import { failures } from '../backends/failures.ts';
import type { Call } from '../http-api/call.ts';
import type { IntegrationStory, SentReply } from '../http-api/explain/trace.ts';
import type { Ending } from '../http-api/integrations/ending.ts';
import type { RouteIntegration } from '../http-api/stage.ts';
import { HeaderBlock } from '../net/header-block.ts';
import { INTERNAL_SERVER_ERROR } from '../net/refusals.ts';
import { WholeBody } from '../net/whole-body.ts';
import type { IntegrationPlace, Interposed } from '../snapshot/interposed.ts';
import type { SocketEvent } from '../websocket-api/event.ts';
import type { IntegrationStory as SocketStory } from '../websocket-api/explain/trace.ts';
import { INTEGRATION_TIMEOUT, UNREACHABLE } from '../websocket-api/failures.ts';
import type { ResponsePlan, SocketAnswer, SocketFailed, SocketIntegration } from '../websocket-api/stage.ts';
import type { Fault, FaultPlace, FaultSwitch, Faults } from './interface.ts';
import type { ManualClock } from './test-clock.ts';

/** What a call meets: how long it waits by the clock, and what comes then. */
interface Met {
  readonly millis: number;
  readonly outcome: 'call' | 'timeout' | 'connection' | { readonly status: number; readonly body: string };
}

interface SetFault {
  readonly place: FaultPlace;
  readonly fault: Fault;
  calls: number;
}

export class FaultSwitches implements Faults, Interposed {
  readonly clock: ManualClock;
  /** The last one that was set is first. */
  #set: readonly SetFault[] = [];

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  set(place: FaultPlace, fault: Fault): FaultSwitch {
    checkFault(fault);
    const set: SetFault = { place: { ...place }, fault: { ...fault }, calls: 0 };
    this.#set = [set, ...this.#set];
    return {
      get calls() {
        return set.calls;
      },
      off: () => {
        this.#set = this.#set.filter((each) => each !== set);
      },
    };
  }

  clear(): void {
    this.#set = [];
  }

  http(place: IntegrationPlace, integration: RouteIntegration, ending: Ending): RouteIntegration {
    if (integration.problem !== undefined) return integration;
    return new FaultyIntegration(this, place, integration, ending);
  }

  socket(place: IntegrationPlace, integration: SocketIntegration): SocketIntegration {
    if (integration.problem !== undefined) return integration;
    return new FaultySocketIntegration(this, place, integration);
  }

  /** What a call of an integration meets now; undefined for nothing. */
  meet(place: IntegrationPlace): Met | undefined {
    const set = this.#set.find((each) => isFor(each, place));
    if (set === undefined) return undefined;
    set.calls++;
    const { delay = 0, error, body = '', drop } = set.fault;
    const { timeoutInMillis } = place;
    if (drop === true || delay >= timeoutInMillis) return { millis: timeoutInMillis, outcome: 'timeout' };
    if (error === undefined) return { millis: delay, outcome: 'call' };
    return { millis: delay, outcome: error === 'connection' ? error : { status: error, body } };
  }
}

function isFor({ place, fault, calls }: SetFault, at: IntegrationPlace): boolean {
  return (
    (fault.times === undefined || calls < fault.times) &&
    (place.api ?? at.apiId) === at.apiId &&
    (place.stage ?? at.stage) === at.stage &&
    (place.route ?? at.routeKey) === at.routeKey &&
    (place.integration ?? at.integrationId) === at.integrationId
  );
}

/** Throws TypeError. */
function checkFault({ delay, error, body, drop, times }: Fault): void {
  const wrong = (what: string): never => {
    throw new TypeError(`A fault ${what}.`);
  };
  if (delay !== undefined && !(Number.isFinite(delay) && delay >= 0))
    wrong(`has a delay of milliseconds, not ${delay}`);
  const isStatus = Number.isInteger(error) && Number(error) >= 200 && Number(error) <= 599;
  if (error !== undefined && error !== 'connection' && !isStatus)
    wrong(`has as error a status from 200 to 599 or 'connection', not ${JSON.stringify(error)}`);
  if (body !== undefined && !isStatus) wrong('has a body only beside an error that is a status');
  if (drop === true && (error !== undefined || delay !== undefined))
    wrong('drops a call, or has a delay or an error: not both');
  if (delay === undefined && error === undefined && drop !== true)
    wrong('has a delay, an error or drop: true');
  if (times !== undefined && !(Number.isInteger(times) && times > 0))
    wrong(`is for a number of times from 1 on, not ${times}`);
}

const DEFECT = 'The integration could not be called';
const NO_HEADERS = HeaderBlock.fromPairs([]);

class FaultyIntegration implements RouteIntegration {
  readonly #faults: FaultSwitches;
  readonly #place: IntegrationPlace;
  readonly #integration: RouteIntegration;
  readonly #ending: Ending;

  constructor(faults: FaultSwitches, place: IntegrationPlace, integration: RouteIntegration, ending: Ending) {
    this.#faults = faults;
    this.#place = place;
    this.#integration = integration;
    this.#ending = ending;
  }

  invoke(call: Call): void {
    const met = this.#faults.meet(this.#place);
    if (met === undefined) return this.#integration.invoke(call);
    if (met.millis === 0) return this.#end(call, met);
    call.exchange.aborter = this.#faults.clock.wait(met.millis, () => {
      if (call.isOver) return;
      try {
        this.#end(call, met);
      } catch (error) {
        this.#ending.fail(call, INTERNAL_SERVER_ERROR, DEFECT, error);
      }
    });
  }

  get callee(): RouteIntegration['callee'] {
    return this.#integration.callee;
  }

  calls(call: Call): string | undefined {
    return this.#integration.calls(call);
  }

  explain(call: Call, sent: SentReply): IntegrationStory {
    return this.#integration.explain(call, sent);
  }

  #end(call: Call, { outcome }: Met): void {
    if (outcome === 'call') return this.#integration.invoke(call);
    if (outcome === 'timeout') return this.#ending.breakOff(call, 'timeout');
    if (outcome === 'connection') return this.#ending.breakOff(call, 'connect');
    call.body.discard();
    const body = new WholeBody(Buffer.from(outcome.body));
    this.#ending.reply(call, { status: outcome.status, headers: NO_HEADERS, canonical: true, body });
  }
}

class FaultySocketIntegration implements SocketIntegration {
  readonly #faults: FaultSwitches;
  readonly #place: IntegrationPlace;
  readonly #integration: SocketIntegration;

  constructor(faults: FaultSwitches, place: IntegrationPlace, integration: SocketIntegration) {
    this.#faults = faults;
    this.#place = place;
    this.#integration = integration;
  }

  explain(event: SocketEvent): SocketStory {
    return this.#integration.explain(event);
  }

  get isImaginary(): boolean {
    return this.#integration.isImaginary === true;
  }

  get callee(): SocketIntegration['callee'] {
    return this.#integration.callee;
  }

  get reply(): ResponsePlan {
    return this.#integration.reply;
  }

  invoke(event: SocketEvent): ReturnType<SocketIntegration['invoke']> {
    const met = this.#faults.meet(this.#place);
    if (met === undefined) return this.#integration.invoke(event);
    if (met.millis === 0) return this.#end(event, met);
    return new Promise((resolve) => {
      this.#faults.clock.wait(met.millis, () => resolve(this.#end(event, met)));
    });
  }

  #end(event: SocketEvent, { outcome }: Met): ReturnType<SocketIntegration['invoke']> {
    if (outcome === 'call') return this.#integration.invoke(event);
    if (outcome === 'timeout') return failed(INTEGRATION_TIMEOUT, failures.timeout.message);
    if (outcome === 'connection') return failed(UNREACHABLE, UNREACHABLE.handshakeMessage);
    const { status, body } = outcome;
    return { kind: 'answered', status, headers: NO_HEADERS, body } satisfies SocketAnswer;
  }
}

function failed(failure: SocketFailed['failure'], error: string): SocketFailed {
  return { kind: 'failed', failure, error };
}
