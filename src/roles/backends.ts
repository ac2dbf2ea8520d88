// What the stages of a data plane are compiled with: connections to backends, AWS services and functions, issuers, throttles,
// counters, and where access logs go.
import type { AwsReach } from '../backends/aws/reach.ts';
import { createSignedServices } from '../backends/aws/signed-services.ts';
import { createInvokeApi } from '../backends/lambda/invoke-api.ts';
import { createLambdaFunctions } from '../backends/lambda/lambda-functions.ts';
import { AccessLogs } from '../backends/log-destinations/access-logs.ts';
import type { LineOutput } from '../backends/log-destinations/stdout-destination.ts';
import { createPrivateTargets } from '../backends/private-targets/private-targets.ts';
import { createAwsServices } from '../backends/services/aws-services.ts';
import type { Call } from '../http-api/call.ts';
import { createIdentities } from '../identity/identities.ts';
import { Issuers } from '../identity/jwt/issuers.ts';
import { createUpstreamPools, poolShare } from '../net/upstream/pool.ts';
import { environmentOfProcess, type Settings } from '../settings/settings.ts';
import { createCounters } from '../snapshot/counters.ts';
import type { Interposed } from '../snapshot/interposed.ts';
import type { StageMeans } from '../snapshot/stage-means.ts';
import { AccountThrottles, OwnBuckets } from '../stage/throttle.ts';
import type { Log } from '../telemetry/log.ts';
import { egressAddress } from './addresses.ts';
import { accessLogsIn } from './data-directory.ts';
import type { FunctionsLink } from './functions-host.ts';
import type { Limits } from './limits.ts';
import type { LiveParts } from './live-settings.ts';
import type { Opened, RoleMeans } from './role.ts';

export interface BackendsMeans extends RoleMeans {
  readonly reach: AwsReach;
  readonly functions: Pick<FunctionsLink, 'find' | 'revision' | 'names'>;
  /** Where lines of access logs go that are for standard output; that itself when absent. */
  readonly output?: LineOutput | undefined;
  /** How many processes share what the machine may have; this one has it alone when absent. */
  readonly sharers?: number | undefined;
  readonly tracing: StageMeans['tracing'];
  readonly interposed?: Interposed | undefined;
  readonly limits?: Limits | undefined;
}

export interface Backends {
  readonly stageMeans: StageMeans;
  readonly accessLogs: AccessLogs;
  readonly live: LiveParts;
}

export function openBackends(opened: Opened, means: BackendsMeans): Backends {
  const { settings, log, clock, requestLog, reach, functions, output = process.stdout } = means;
  const { sections } = settings;
  const environment = environmentOfProcess();
  const pools = createUpstreamPools({
    ...(sections.certificateAuthorities.length === 0 ? {} : { ca: sections.certificateAuthorities }),
    ...poolShare(means.sharers),
  });
  opened.push(() => pools.close());
  const privateTargets = createPrivateTargets(sections.privateTargets, {
    log,
    mayDiscover: () => reach.refusal('servicediscovery') === undefined,
  });
  opened.push(() => privateTargets.close());
  const issuers = new Issuers(sections.jwt, { log, clock, ca: sections.certificateAuthorities });
  opened.push(() => issuers.close());
  const assumeRoles = assumesRoles(sections, reach);
  const services = createAwsServices({ assumeRoles, reach });
  opened.push(() => services.close());
  const local = () => functions.names;
  const invokeApi = createInvokeApi({ settings: sections.lambda, assumeRoles, reach, local });
  opened.push(() => invokeApi.close());
  const directory = accessLogsIn(settings.data);
  const accessLogs = new AccessLogs(sections.logDestinations, { directory, stdout: output, log });
  opened.push((deadlineMillis) => accessLogs.close(deadlineMillis));
  const identities = createIdentities(settings.credentials);
  const accountThrottles = new AccountThrottles(sections.throttling, {
    clock,
    buckets: means.limits?.buckets ?? new OwnBuckets(clock),
  });
  return {
    stageMeans: {
      clock,
      pools,
      privateTargets,
      services,
      signedServices: createSignedServices({ assumeRoles, reach, environment }),
      functions: createLambdaFunctions(functions, invokeApi),
      issuers,
      identities,
      accountThrottles,
      counters: createCounters(),
      logSinks: accessLogs,
      requestLog,
      onlookers: { calls: { current: undefined }, events: { current: undefined } },
      egress: egressAddress(settings),
      // For people the request's own line says it.
      onIntegrationError: requestLog?.pretty === true ? () => {} : warnOfCall(log, 'integration.failed'),
      onAuthorizerError: warnOfCall(log, 'authorizer.failed'),
      tracing: means.tracing,
      interposed: means.interposed,
    },
    accessLogs,
    live: {
      credentials: { apply: (next) => identities.replace(next.credentials) },
      logDestinations: { apply: (next) => accessLogs.replace(next.sections.logDestinations) },
      privateTargets: { apply: (next) => privateTargets.replace(next.sections.privateTargets) },
      throttling: { apply: (next) => accountThrottles.replace(next.sections.throttling) },
    },
  };
}

/** Logs what went wrong with a request whose client is told less. */
function warnOfCall(
  log: Log,
  event: 'integration.failed' | 'authorizer.failed',
): (call: Call, reason: string, err?: unknown) => void {
  return ({ exchange, stage, route }, reason, err) =>
    log(event, {
      requestId: exchange.requestId,
      apiId: stage.apiId,
      stage: stage.name,
      route: route?.key,
      reason,
      ...(err === undefined ? {} : { err }),
    });
}

/** Roles are assumed where an STS is configured (decision 0015). */
function assumesRoles({ assumeRoles }: Settings['sections'], reach: AwsReach): boolean {
  const hasSts = (environmentOfProcess().AWS_ENDPOINT_URL_STS ?? '') !== '';
  return assumeRoles ?? (hasSts && reach.refusal('sts') === undefined);
}
