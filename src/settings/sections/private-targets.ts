// `privateTargets:` where load balancer listeners and Cloud Map services lead (spec/http-api.md §3.5):
//
//   privateTargets:
//     arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/shop/1/2:
//       targets: [10.0.0.5:8080, { address: 10.0.0.6:8080, weight: 3 }]
//       healthCheck: { path: /health }
//     arn:aws:servicediscovery:eu-west-1:000000000000:service/srv-1:
//       srv: _http._tcp.orders.internal

import { isIP } from 'node:net';
import type {
  HealthCheckSettings,
  PrivateTargetSettings,
  StaticTarget,
  TargetSource,
} from '../../backends/private-targets/settings.ts';
import { CLOUD_MAP_ARN, LISTENER_ARN } from '../../grammar/arn.ts';
import { type Address, parseAddress } from '../address.ts';
import { ADDRESS } from '../forms.ts';
import {
  choice,
  defaulted,
  entriesOf,
  integer,
  into,
  listOf,
  matching,
  needed,
  number,
  objectOf,
  optional,
  placed,
  scalarOr,
  section,
  text,
  withOneOf,
  yes,
} from '../shape.ts';

const MAX_SECONDS = 3_600;
const MAX_WEIGHT = 65_535;

const NAME_SERVER_ADVICE = 'is an IP address, perhaps with a port, for example 127.0.0.1:8600';

/** WebSocket APIs name the link and an URL (spec/websocket-api.md §3.7). */
const KEY = new RegExp(`^vpclink/[A-Za-z0-9]+$|${LISTENER_ARN.source}|${CLOUD_MAP_ARN.source}`, 's');

const address = into(
  text,
  (written, node): Address => {
    const found = parseAddress(written);
    if (found === undefined || found.port === 0) {
      throw node.error(`is HOST:PORT, for example 10.0.0.5:8080, not ${JSON.stringify(written)}`);
    }
    return found;
  },
  ADDRESS.schema,
);

const target = scalarOr(
  into(address, (found): StaticTarget => ({ ...found, weight: 1, attributes: new Map() })),
  into(
    objectOf({
      address: needed('HOST:PORT.', address),
      weight: defaulted(
        'Its share of the requests, beside the weights of the others.',
        number(0, MAX_WEIGHT),
        1,
      ),
      attributes: defaulted(
        'Attributes that Cloud Map would have for the instance.',
        entriesOf(text),
        new Map(),
      ),
    }),
    ({ address, ...rest }): StaticTarget => ({ ...address, ...rest }),
  ),
);

/** With or without a port, as resolvers take it. */
const nameServer = into(
  matching(
    /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)$/,
    NAME_SERVER_ADVICE,
  ),
  (written, node) => {
    const host = parseAddress(written)?.host ?? written.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) === 0) throw node.error(`${NAME_SERVER_ADVICE}, not ${JSON.stringify(written)}`);
    return written;
  },
);

const healthCheck = into(
  objectOf({
    protocol: defaulted('What is spoken.', choice(['http', 'https', 'tcp']), 'http'),
    path: defaulted(
      'What is asked for, by http and https.',
      matching(/^\/[!-~]*$/, 'is a path that begins with /'),
      '/',
    ),
    intervalSeconds: defaulted('From one check to the next.', number(0.05, MAX_SECONDS), 10),
    timeoutSeconds: defaulted('How long a check may take.', number(0.05, MAX_SECONDS), 5),
    healthyThreshold: defaulted('How many checks in a row make a target healthy.', integer(1, 10), 2),
    unhealthyThreshold: defaulted('How many checks in a row make a target unhealthy.', integer(1, 10), 2),
  }),
  ({ intervalSeconds, timeoutSeconds, ...rest }): HealthCheckSettings => ({
    ...rest,
    intervalMillis: intervalSeconds * 1_000,
    timeoutMillis: timeoutSeconds * 1_000,
  }),
);

const members = objectOf({
  targets: optional('HOST:PORT of each target, perhaps with a weight and attributes.', listOf(target)),
  dns: optional('NAME:PORT: the addresses of the name, at this port.', address),
  srv: optional('A name whose SRV records say hosts and ports.', text),
  cloudMap: optional('true: the instances that AWS Cloud Map has for the service.', placed(yes)),
  healthCheck: optional('Which targets get requests; all without it.', healthCheck),
  nameServer: optional(
    "Who is asked instead of the machine's resolver: an IP address, perhaps with a port.",
    nameServer,
  ),
  refreshSeconds: defaulted('How often names and Cloud Map are asked.', number(0.1, MAX_SECONDS), 10),
});

const targets = entriesOf(withOneOf(['targets', 'dns', 'srv', 'cloudMap'], members), {
  pattern: KEY,
  advice: 'is named by no ARN of a load balancer listener or Cloud Map service, and by no vpclink/ID',
});

export const privateTargets = section(
  'Where listeners of load balancers and services of Cloud Map lead, by ARN.',
  into(targets, (entries): readonly PrivateTargetSettings[] =>
    [...entries].map(([arn, { healthCheck, ...rest }]) => ({
      arn,
      source: sourceOf(arn, rest),
      healthCheck,
    })),
  ),
  [],
);

function sourceOf(
  arn: string,
  {
    targets,
    dns,
    srv,
    cloudMap,
    nameServer,
    refreshSeconds,
  }: Omit<ReturnType<typeof members.read>, 'healthCheck'>,
): TargetSource {
  const refreshMillis = refreshSeconds * 1_000;
  const lookup = { server: nameServer, refreshMillis };
  if (targets !== undefined) return { kind: 'static', targets };
  if (dns !== undefined) return { kind: 'addresses', name: dns.host, port: dns.port, lookup };
  if (srv !== undefined) return { kind: 'services', name: srv, lookup };
  if (!arn.includes(':servicediscovery:')) throw cloudMap!.node.error('is for ARNs of Cloud Map services');
  return { kind: 'cloudMap', refreshMillis };
}
