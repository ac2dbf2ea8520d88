// What stages are compiled with: the running parts of the program that their routes call.

import type { SignedServices } from '../backends/aws/signed-services.ts';
import type { LambdaFunctions } from '../backends/lambda-function.ts';
import type { PrivateTargets } from '../backends/private-targets/private-targets.ts';
import type { AwsServices } from '../backends/services/aws-services.ts';
import type { Clock } from '../clock.ts';
import type { Call } from '../http-api/call.ts';
import type { Identities } from '../identity/identities.ts';
import type { Issuers } from '../identity/jwt/issuers.ts';
import type { UpstreamPools } from '../net/upstream/upstream.ts';
import type { LogSink } from '../stage/log-line.ts';
import type { AccountThrottles } from '../stage/throttle.ts';
import type { Tracer } from '../stage/tracer.ts';
import type { Onlooker } from '../stage/watch.ts';
import type { RequestLog } from '../telemetry/request-log.ts';
import type { SocketEvent } from '../websocket-api/event.ts';
import type { Counters } from './counters.ts';
import type { Interposed } from './interposed.ts';

export interface StageMeans {
  /** What lifetimes go by. */
  readonly clock: Clock;
  readonly pools: UpstreamPools;
  readonly privateTargets: PrivateTargets;
  readonly services: AwsServices;
  /** AWS services that WebSocket APIs call by action or path. */
  readonly signedServices: SignedServices;
  readonly functions: LambdaFunctions;
  /** Whose signatures are taken on AWS_IAM routes. */
  readonly identities: Identities;
  /** Whose tokens are taken. */
  readonly issuers: Issuers;
  readonly accountThrottles: AccountThrottles;
  /** What calls and events are counted in. */
  readonly counters: Counters;
  /** Where access logs go. */
  readonly logSinks: LogSinks;
  /** Where each request has a line; undefined where none has. */
  readonly requestLog: RequestLog | undefined;
  /** Who looks at all stages, of either kind of API. */
  readonly onlookers: Onlookers;
  /** The gateway's own address towards backends, for `Forwarded: by=`. */
  readonly egress: string;
  /** Hears of calls that ended without an answer of the integration; `message` is `$context.integrationErrorMessage`,
   *  `error` what is known beyond it. */
  readonly onIntegrationError: (call: Call, message: string, error?: unknown) => void;
  /** Hears why an authorizer could not decide; `message` is `$context.authorizer.error`. */
  readonly onAuthorizerError: (call: Call, message: string) => void;
  /** Who records traces, while any are configured. */
  readonly tracing?: { readonly current: Tracer | undefined } | undefined;
  /** Stands between routes and their integrations. */
  readonly interposed?: Interposed | undefined;
}

export interface Onlookers {
  readonly calls: Onlooker<Call>;
  readonly events: Onlooker<SocketEvent>;
}

/** Takes hold of something that stages share, for as long as the route lives. */
export type Hold = <T>(acquire: () => T, release: (held: T) => void) => T;

/** The destinations of access logs, by ARN. */
export interface LogSinks {
  acquire(destinationArn: string): LogSink;
  release(sink: LogSink): void;
}
