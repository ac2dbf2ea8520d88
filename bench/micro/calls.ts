// A running call for micro benchmarks: the load's GET, routed, in a stage of one route.

import { Call } from '../../src/http-api/call.ts';
import type { ValueScope } from '../../src/http-api/mapping/values.ts';
import type { HttpStage } from '../../src/http-api/stage.ts';
import { InjectedExchange } from '../../src/net/http1/inject.ts';
import { HEADERS, TARGET } from '../load/requests.ts';

const VARIABLES = new Map([['colour', 'blue']]);

export const SCOPE: ValueScope = { side: 'request', stageVariables: VARIABLES, variableNames: ['petId'] };

const STAGE: HttpStage = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1b2c3d4e5',
  name: '$default',
  deploymentId: 'd1e2f3',
  variables: VARIABLES,
  cors: undefined,
  executeApiDisabled: false,
  throttle: undefined,
  watch: { onOver() {}, accessLogEntry: () => undefined },
  router: { match: () => undefined },
};

const HOST = 'a1b2c3d4e5.execute-api.localhost';

export function callOf(): Call {
  const request = { target: TARGET, host: HOST, headers: ['host', HOST, ...Object.entries(HEADERS).flat()] };
  const exchange = new InjectedExchange(request, () => {});
  const domain = { name: HOST, prefix: 'a1b2c3d4e5', forwardedHost: HOST };
  const [path, query] = TARGET.split('?');
  const call = new Call(exchange, STAGE, domain, path!, path!, query!);
  call.values = ['42'];
  return call;
}
