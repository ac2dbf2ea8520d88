// Domains of HTTP and WebSocket APIs (spec/definitions.md §8.7).
import {
  get,
  isList,
  isMap,
  isTrue,
  isTruthy,
  type Plain,
  picked,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
} from './editing.ts';
import { idHash } from './ids.ts';
import { getAtt, ref } from './intrinsics.ts';
import { type Blame, blameResource, expectMap } from './invalid.ts';
import type { Attributes, Resource } from './resource.ts';

const TRUSTSTORE = ['TruststoreUri', 'TruststoreVersion'];
const TRUSTSTORE_TEXT = "['TruststoreUri', 'TruststoreVersion']";

/** Whose domain it is. */
export interface DomainOwner {
  readonly logicalId: string;
  readonly passedOn: Attributes;
  /** Tags of the domain name. */
  readonly tags: Plain;
  readonly blame: Blame;
  readonly recordSetGroups: Map<string, Resource>;
}

/** The domain name, its mappings, and the group of its records; nothing without `Domain`. */
export function domainResources(given: Tree | undefined, owner: DomainOwner): Resource[] {
  if (given === undefined) return [];
  const { blame, passedOn, logicalId } = owner;
  const domain = expectMap(given, 'Domain', blame);
  const name = get(domain, 'DomainName');
  const certificate = get(domain, 'CertificateArn');
  if (name === undefined || certificate === undefined) {
    throw blame('Custom Domains only works if both DomainName and CertificateArn are provided.', domain);
  }
  const domainId = `ApiGatewayDomainNameV2${idHash(name)}`;
  const endpoint = get(domain, 'EndpointConfiguration');
  if (endpoint !== undefined && stringOf(endpoint) !== 'REGIONAL') {
    throw blame("EndpointConfiguration for Custom Domains must be one of ['REGIONAL'].", endpoint);
  }
  const domainName: Resource = {
    logicalId: domainId,
    type: 'AWS::ApiGatewayV2::DomainName',
    attributes: passedOn,
    offset: domain.offset,
    properties: {
      DomainName: name,
      DomainNameConfigurations: [
        {
          CertificateArn: certificate,
          EndpointType: endpoint ?? 'REGIONAL',
          OwnershipVerificationCertificateArn: truthyMember(domain, 'OwnershipVerificationCertificateArn'),
          SecurityPolicy: truthyMember(domain, 'SecurityPolicy'),
        },
      ],
      MutualTlsAuthentication: mutualTls(domain, blame),
      Tags: owner.tags,
    },
  };
  return [
    domainName,
    ...basePaths(domain).map((path) => mapping(path, domainId, domain.offset, logicalId, passedOn, blame)),
    ...recordSets(domain, name, domainId, owner),
  ];
}

function mutualTls(domain: TreeMap, blame: Blame): Plain {
  const given = get(domain, 'MutualTlsAuthentication');
  if (!isTruthy(given)) return undefined;
  if (!isMap(given)) {
    throw blame(
      `MutualTlsAuthentication must be a map with at least one of the following fields ${TRUSTSTORE_TEXT}.`,
      given,
    );
  }
  const wrong = [...given.members.keys()].filter((key) => !TRUSTSTORE.includes(key)).sort();
  if (wrong.length > 0) {
    // AWS SAM names the wrong members where the resource should be.
    throw blameResource(wrong.join(','))(
      `Available MutualTlsAuthentication fields are ${TRUSTSTORE_TEXT}.`,
      given,
    );
  }
  return picked(given, TRUSTSTORE, truthyMember);
}

/** One undefined: mapped without a key. */
function basePaths(domain: TreeMap): readonly (Tree | undefined)[] {
  const given = get(domain, 'BasePath');
  if (isList(given) && given.items.length > 0) return given.items;
  return [stringOf(given) === undefined || !isTruthy(given) ? undefined : given];
}

function mapping(
  path: Tree | undefined,
  domainId: string,
  offset: number,
  logicalId: string,
  attributes: Attributes,
  blame: Blame,
): Resource {
  const key = path === undefined ? '' : stringOf(path);
  if (key === undefined) throw blame('Basepath must be a string.', path);
  if (/[^0-9a-zA-Z/\-_]/.test(key)) throw blame('Invalid Basepath name provided.', path);
  return {
    logicalId: `${logicalId}${key.replaceAll(/[-_/]/g, '')}ApiMapping`,
    type: 'AWS::ApiGatewayV2::ApiMapping',
    attributes,
    offset: path?.offset ?? offset,
    properties: {
      DomainName: ref(domainId),
      ApiId: ref(logicalId),
      Stage: ref(`${logicalId}.Stage`),
      ApiMappingKey: path === undefined ? undefined : withoutSlashes(key),
    },
  };
}

function withoutSlashes(path: string): string {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return path.slice(start, end);
}

function recordSets(domain: TreeMap, name: Tree, domainId: string, owner: DomainOwner): Resource[] {
  const given = get(domain, 'Route53');
  if (given === undefined) return [];
  const route53 = expectMap(given, 'Domain.Route53', owner.blame);
  const zoneId = get(route53, 'HostedZoneId');
  const zoneName = get(route53, 'HostedZoneName');
  if (zoneId === undefined && zoneName === undefined) {
    throw owner.blame(
      'HostedZoneId or HostedZoneName is required to enable Route53 support on Custom Domains.',
      route53,
    );
  }
  const logicalId = `RecordSetGroup${idHash(isTruthy(zoneId) ? zoneId : zoneName)}`;
  const group = owner.recordSetGroups.get(logicalId) ?? {
    logicalId,
    type: 'AWS::Route53::RecordSetGroup',
    attributes: owner.passedOn,
    offset: route53.offset,
    properties: {
      HostedZoneId: zoneId,
      HostedZoneName: route53.members.has('HostedZoneId') ? undefined : zoneName,
      RecordSets: [],
    },
  };
  owner.recordSetGroups.set(logicalId, group);
  const types = isTrue(get(route53, 'IpV6')) ? ['A', 'AAAA'] : ['A'];
  const added = types.map((type) => ({
    Name: name,
    Type: type,
    AliasTarget: {
      EvaluateTargetHealth: get(route53, 'EvaluateTargetHealth'),
      HostedZoneId: getAtt(domainId, 'RegionalHostedZoneId'),
      DNSName: getAtt(domainId, 'RegionalDomainName'),
    },
    Region: get(route53, 'Region'),
    SetIdentifier: get(route53, 'SetIdentifier'),
  }));
  group.properties.RecordSets = [...(group.properties.RecordSets as readonly Plain[]), ...added];
  return [group];
}
