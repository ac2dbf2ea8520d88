// What stages are compiled with, where a test or bench compiles them without the program: nothing is configured.

import { createReach } from '../../src/backends/aws/reach.ts';
import { createSignedServices } from '../../src/backends/aws/signed-services.ts';
import { createInvokeApi } from '../../src/backends/lambda/invoke-api.ts';
import { createLambdaFunctions } from '../../src/backends/lambda/lambda-functions.ts';
import { createPrivateTargets } from '../../src/backends/private-targets/private-targets.ts';
import { createAwsServices } from '../../src/backends/services/aws-services.ts';
import { SYSTEM_CLOCK } from '../../src/clock.ts';
import { createIdentities } from '../../src/identity/identities.ts';
import { Issuers } from '../../src/identity/jwt/issuers.ts';
import type { UpstreamPools } from '../../src/net/upstream/upstream.ts';
import { createCounters } from '../../src/snapshot/counters.ts';
import type { StageMeans } from '../../src/snapshot/stage-means.ts';
import { AccountThrottles } from '../../src/stage/throttle.ts';

const REACH = createReach(new Set(), {});

export function bareStageMeans(pools: UpstreamPools): StageMeans {
  return {
    clock: SYSTEM_CLOCK,
    pools,
    privateTargets: createPrivateTargets([], { log: () => {} }),
    signedServices: createSignedServices({ assumeRoles: false, reach: REACH, environment: {} }),
    services: createAwsServices({ assumeRoles: false, reach: REACH }),
    functions: createLambdaFunctions(
      undefined,
      createInvokeApi({
        settings: { endpoint: undefined, functionEndpoints: new Map() },
        assumeRoles: false,
        reach: REACH,
        local: () => [],
      }),
    ),
    issuers: new Issuers({ issuers: [], anyHttpIssuer: false }, { log: () => {}, ca: [] }),
    accountThrottles: new AccountThrottles(undefined),
    counters: createCounters(),
    logSinks: { acquire: () => ({ write() {} }), release() {} },
    requestLog: undefined,
    onlookers: { calls: { current: undefined }, events: { current: undefined } },
    egress: '127.0.0.1',
    identities: createIdentities([]),
    onIntegrationError: () => {},
    onAuthorizerError: () => {},
  };
}
