// Route53 of a domain: records in a group of its zone, which domains of one zone share (spec/definitions.md §8.7.2).
import { get, isTrue, type Plain, type Tree, type TreeMap } from './editing.ts';
import { type Blame, expectMap } from './invalid.ts';
import type { Resource, TemplateAttributes } from './resource.ts';

export interface HostedZone {
  readonly route53: TreeMap;
  readonly id: Tree | undefined;
  readonly name: Tree | undefined;
}

/** Undefined where the domain wants no records. */
export function hostedZone(domain: TreeMap, blame: Blame): HostedZone | undefined {
  const given = get(domain, 'Route53');
  if (given === undefined) return undefined;
  const route53 = expectMap(given, 'Domain.Route53', blame);
  const [id, name] = [get(route53, 'HostedZoneId'), get(route53, 'HostedZoneName')];
  if (id === undefined && name === undefined) {
    throw blame(
      'HostedZoneId or HostedZoneName is required to enable Route53 support on Custom Domains.',
      route53,
    );
  }
  return { route53, id, name };
}

/** The group under its id: that of another domain, or a new one, whose records come by `addRecords`. */
export function recordSetGroup(
  logicalId: string,
  { route53, id, name }: HostedZone,
  attributes: TemplateAttributes,
  groups: Map<string, Resource>,
): Resource {
  const group = groups.get(logicalId) ?? {
    logicalId,
    type: 'AWS::Route53::RecordSetGroup',
    attributes,
    offset: route53.offset,
    properties: { HostedZoneId: id, HostedZoneName: name, RecordSets: [] },
  };
  groups.set(logicalId, group);
  return group;
}

/** One for IPv4, and one for IPv6 where it is asked for. */
export function addRecords(
  group: Resource,
  { route53 }: HostedZone,
  domainName: Tree,
  target: { readonly HostedZoneId: Plain; readonly DNSName: Plain },
): void {
  const types = isTrue(get(route53, 'IpV6')) ? ['A', 'AAAA'] : ['A'];
  const added = types.map((type) => ({
    Name: domainName,
    Type: type,
    AliasTarget: { EvaluateTargetHealth: get(route53, 'EvaluateTargetHealth'), ...target },
    Region: get(route53, 'Region'),
    SetIdentifier: get(route53, 'SetIdentifier'),
  }));
  group.properties.RecordSets = [...(group.properties.RecordSets as readonly Plain[]), ...added];
}
