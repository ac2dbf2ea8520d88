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
  LookupSettings,
  PrivateTargetSettings,
  StaticTarget,
  TargetSource,
} from '../../backends/private-targets/settings.ts';
import { unreachable } from '../../defect.ts';
import { parsePrivateTarget } from '../../grammar/arn.ts';
import { GrammarError } from '../../grammar/grammar-error.ts';
import { parseAddress } from '../address.ts';
import type { ConfigNode } from '../config-node.ts';

const SOURCES = ['targets', 'dns', 'srv', 'cloudMap'] as const;
const MEMBERS = [...SOURCES, 'healthCheck', 'nameServer', 'refreshSeconds'] as const;
type Members = ReadonlyMap<(typeof MEMBERS)[number], ConfigNode>;

const MAX_SECONDS = 3_600;
const MAX_WEIGHT = 65_535;

export function readPrivateTargets(node: ConfigNode | undefined): readonly PrivateTargetSettings[] {
  return (node?.entries() ?? []).map(([arn, target]) => {
    checkArn(arn, target);
    const members = target.members(MEMBERS);
    const named = SOURCES.filter((source) => members.has(source));
    if (named.length !== 1) throw target.error(`needs exactly one of ${SOURCES.join(', ')}`);
    const healthCheck = members.get('healthCheck');
    return {
      arn,
      source: readSource(named[0]!, members.get(named[0]!)!, members, arn),
      healthCheck: healthCheck === undefined ? undefined : readHealthCheck(healthCheck),
    };
  });
}

function checkArn(arn: string, node: ConfigNode): void {
  // WebSocket APIs name the link and an URL (spec/websocket-api.md §3.7).
  if (/^vpclink\/[A-Za-z0-9]+$/.test(arn)) return;
  try {
    parsePrivateTarget(arn);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    throw node.error(
      'is named by no ARN of a load balancer listener or Cloud Map service, and by no vpclink/ID',
    );
  }
}

function readSource(
  kind: (typeof SOURCES)[number],
  node: ConfigNode,
  members: Members,
  arn: string,
): TargetSource {
  const refreshMillis = 1_000 * (members.get('refreshSeconds')?.number(0.1, MAX_SECONDS) ?? 10);
  const lookup: LookupSettings = { server: readNameServer(members.get('nameServer')), refreshMillis };
  switch (kind) {
    case 'targets':
      return { kind: 'static', targets: node.items().map(readTarget) };
    case 'dns': {
      const { host, port } = addressOf(node);
      return { kind: 'addresses', name: host, port, lookup };
    }
    case 'srv':
      return { kind: 'services', name: node.text(), lookup };
    case 'cloudMap':
      if (!node.boolean()) throw node.error('is true, or not there');
      if (!arn.includes(':servicediscovery:')) throw node.error('is for ARNs of Cloud Map services');
      return { kind: 'cloudMap', refreshMillis };
    default:
      unreachable(kind);
  }
}

/** With or without a port, as resolvers take it. */
function readNameServer(node: ConfigNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const text = node.text();
  const host = parseAddress(text)?.host ?? text.replace(/^\[(.*)\]$/, '$1');
  if (/^\d+$/.test(text) || isIP(host) === 0) {
    throw node.error(
      `is an IP address, perhaps with a port, for example 127.0.0.1:8600, not ${JSON.stringify(text)}`,
    );
  }
  return text;
}

function readTarget(node: ConfigNode): StaticTarget {
  if (node.isScalar) return { ...addressOf(node), weight: 1, attributes: new Map() };
  const members = node.members(['address', 'weight', 'attributes']);
  const address = members.get('address');
  if (address === undefined) throw node.error('needs an address');
  const attributes = members.get('attributes')?.entries() ?? [];
  return {
    ...addressOf(address),
    weight: members.get('weight')?.number(0, MAX_WEIGHT) ?? 1,
    attributes: new Map(attributes.map(([name, value]) => [name, value.text()])),
  };
}

function addressOf(node: ConfigNode): { host: string; port: number } {
  const address = parseAddress(node.text());
  if (address === undefined || address.port === 0) {
    throw node.error(`is HOST:PORT, for example 10.0.0.5:8080, not ${JSON.stringify(node.text())}`);
  }
  return address;
}

function readHealthCheck(node: ConfigNode): HealthCheckSettings {
  const members = node.members([
    'protocol',
    'path',
    'intervalSeconds',
    'timeoutSeconds',
    'healthyThreshold',
    'unhealthyThreshold',
  ]);
  const path = members.get('path')?.text() ?? '/';
  if (!/^\/[!-~]*$/.test(path)) throw node.error('has a path that does not begin with /');
  return {
    protocol: members.get('protocol')?.choice(['http', 'https', 'tcp']) ?? 'http',
    path,
    intervalMillis: 1_000 * (members.get('intervalSeconds')?.number(0.05, MAX_SECONDS) ?? 10),
    timeoutMillis: 1_000 * (members.get('timeoutSeconds')?.number(0.05, MAX_SECONDS) ?? 5),
    healthyThreshold: members.get('healthyThreshold')?.integer(1, 10) ?? 2,
    unhealthyThreshold: members.get('unhealthyThreshold')?.integer(1, 10) ?? 2,
  };
}
