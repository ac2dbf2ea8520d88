// Load balancers and Cloud Map, which private integrations lead to where `privateTargets` names them.
import { type Effect, NONE, NOT_KNOWN, type OtherTypes, REF } from './other-type.ts';
import type { Subject } from './subject.ts';

/** The last part of an ARN of theirs: `app/orders/0123456789abcdef`. */
const fullName = (ref: string): string => ref.slice(ref.indexOf('/') + 1);

function balancerKind(of: Subject): 'app' | 'net' | 'gwy' {
  const type = of.text('Type');
  if (type === 'gateway') return 'gwy';
  return type === 'network' ? 'net' : 'app';
}

function dnsName(of: Subject, ref: string): string {
  const [kind, name, id] = fullName(ref).split('/');
  const { region, suffix } = of;
  if (kind === 'net') return `${name}-${id}.elb.${region}.${suffix}`;
  const number = String(Number.parseInt(of.hex(8), 16)).padStart(10, '0');
  const prefix = of.text('Scheme') === 'internal' ? 'internal-' : '';
  return `${prefix}${name}-${number}.${region}.elb.${suffix}`;
}

/** Of the balancer that it belongs to: `…:loadbalancer/app/orders/0123456789abcdef`. */
function listenerArn(of: Subject): string {
  const [, balancer] =
    /:loadbalancer\/((?:app|net|gwy)\/[^/]+\/[^/]+)$/.exec(of.text('LoadBalancerArn') ?? '') ?? [];
  const below = balancer ?? `app/${of.physicalName(32)}/${of.hex(16, 'balancer')}`;
  return of.arn('elasticloadbalancing', `listener/${below}/${of.hex(16)}`);
}

const NAMESPACE = {
  ref: (of: Subject) => `ns-${of.hash(16)}`,
  attributes: {
    Id: REF,
    Arn: (of: Subject, ref: string) => of.arn('servicediscovery', `namespace/${ref}`),
    HostedZoneId: NOT_KNOWN,
  },
  effect: NONE,
};

const privateTarget = (by: 'Ref' | 'Arn'): Effect => ({ kind: 'privateTarget', by });

export const BALANCING_TYPES: OtherTypes = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    ref: (of) =>
      of.arn('elasticloadbalancing', `loadbalancer/${balancerKind(of)}/${of.name('Name', 32)}/${of.hex(16)}`),
    attributes: {
      LoadBalancerArn: REF,
      LoadBalancerFullName: (_, ref) => fullName(ref),
      LoadBalancerName: (_, ref) => fullName(ref).split('/')[1],
      DNSName: dnsName,
      CanonicalHostedZoneID: NOT_KNOWN,
      SecurityGroups: NOT_KNOWN,
    },
    effect: NONE,
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    ref: listenerArn,
    attributes: { ListenerArn: REF },
    effect: privateTarget('Ref'),
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    ref: (of) => of.arn('elasticloadbalancing', `targetgroup/${of.name('Name', 32)}/${of.hex(16)}`),
    attributes: {
      TargetGroupArn: REF,
      TargetGroupFullName: (_, ref) => `targetgroup/${fullName(ref)}`,
      TargetGroupName: (_, ref) => fullName(ref).split('/')[0],
      LoadBalancerArns: NOT_KNOWN,
    },
    effect: NONE,
  },
  'AWS::ServiceDiscovery::Service': {
    ref: (of) => `srv-${of.hash(16)}`,
    attributes: {
      Id: REF,
      Name: (of) => of.name('Name', 64),
      Arn: (of, ref) => of.arn('servicediscovery', `service/${ref}`),
    },
    effect: privateTarget('Arn'),
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': NAMESPACE,
  'AWS::ServiceDiscovery::HttpNamespace': NAMESPACE,
  'AWS::ServiceDiscovery::PublicDnsNamespace': NAMESPACE,
};
