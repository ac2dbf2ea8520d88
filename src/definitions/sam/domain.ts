// Domains of HTTP and WebSocket APIs (spec/definitions.md §8.7).
import {
  get,
  isList,
  isMap,
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
import { addRecords, hostedZone, recordSetGroup } from './record-sets.ts';
import type { Attributes, Resource, TemplateAttributes } from './resource.ts';

const TRUSTSTORE = ['TruststoreUri', 'TruststoreVersion'];
const TRUSTSTORE_TEXT = "['TruststoreUri', 'TruststoreVersion']";

/** Whose domain it is. */
export interface DomainOwner {
  readonly logicalId: string;
  readonly passedOn: TemplateAttributes;
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
  const zone = hostedZone(domain, owner.blame);
  if (zone === undefined) return [];
  const logicalId = `RecordSetGroup${idHash(isTruthy(zone.id) ? zone.id : zone.name)}`;
  const hasId = zone.route53.members.has('HostedZoneId');
  const named = hasId ? { ...zone, name: undefined } : zone;
  const group = recordSetGroup(logicalId, named, owner.passedOn, owner.recordSetGroups);
  addRecords(group, zone, name, {
    HostedZoneId: getAtt(domainId, 'RegionalHostedZoneId'),
    DNSName: getAtt(domainId, 'RegionalDomainName'),
  });
  return [group];
}
