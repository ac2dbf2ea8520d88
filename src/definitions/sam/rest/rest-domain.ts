// Domain of a REST API.
import {
  get,
  isList,
  isMap,
  isTruthy,
  made,
  type Plain,
  picked,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import { idHash } from '../ids.ts';
import { getAtt, ref } from '../intrinsics.ts';
import { type Blame, expectBoolean, expectMap, expectStrings } from '../invalid.ts';
import { pythonJson } from '../python-text.ts';
import { addRecords, hostedZone, recordSetGroup } from '../record-sets.ts';
import type { Attributes, Resource, TemplateAttributes } from '../resource.ts';

const ENDPOINTS = ['EDGE', 'REGIONAL', 'PRIVATE'];
const TRUSTSTORE = ['TruststoreUri', 'TruststoreVersion'];

export interface RestDomain {
  readonly logicalId: string;
  readonly resources: Resource[];
}

export function restDomain(
  given: Tree | undefined,
  apiId: string,
  attributes: TemplateAttributes,
  groups: Map<string, Resource>,
  blame: Blame,
): RestDomain | undefined {
  if (given === undefined) return undefined;
  const domain = expectMap(given, 'Domain', blame);
  const [name, certificate] = ['DomainName', 'CertificateArn'].map((member) => {
    const value = get(domain, member);
    if (value === undefined) throw blame(`Property 'Domain.${member}' is required.`, domain);
    return value;
  }) as [Tree, Tree];
  const endpoint = get(domain, 'EndpointConfiguration');
  const type = endpoint === undefined ? 'REGIONAL' : (stringOf(endpoint) ?? '');
  if (!ENDPOINTS.includes(type)) {
    throw blame(
      "EndpointConfiguration for Custom Domains must be one of ['EDGE', 'REGIONAL', 'PRIVATE'].",
      endpoint,
    );
  }
  const isPrivate = type === 'PRIVATE';
  const logicalId = `ApiGatewayDomainName${isPrivate ? 'V2' : ''}${idHash(name)}`;
  const shared = { attributes, offset: domain.offset };
  const domainName: Resource = {
    ...shared,
    logicalId,
    type: isPrivate ? 'AWS::ApiGateway::DomainNameV2' : 'AWS::ApiGateway::DomainName',
    properties: {
      DomainName: name,
      [type === 'REGIONAL' ? 'RegionalCertificateArn' : 'CertificateArn']: certificate,
      EndpointConfiguration: { Types: [type], IpAddressType: truthyMember(domain, 'IpAddressType') },
      MutualTlsAuthentication: isPrivate ? undefined : mutualTls(domain, blame),
      SecurityPolicy: truthyMember(domain, 'SecurityPolicy'),
      EndpointAccessMode: truthyMember(domain, 'EndpointAccessMode'),
      Policy: isPrivate ? truthyMember(domain, 'Policy') : undefined,
      OwnershipVerificationCertificateArn: isPrivate
        ? undefined
        : truthyMember(domain, 'OwnershipVerificationCertificateArn'),
    },
  };
  const mappings = basePaths(domain, blame).map((path): Resource => {
    const letters = path === undefined ? '' : path.replaceAll(/[^\p{L}\p{N}]/gu, '');
    const normal = get(domain, 'NormalizeBasePath');
    const key = normal === undefined || isTruthy(normal) ? letters : path;
    return {
      ...shared,
      logicalId: `${apiId}${letters}BasePathMapping`,
      type: isPrivate ? 'AWS::ApiGateway::BasePathMappingV2' : 'AWS::ApiGateway::BasePathMapping',
      properties: {
        [isPrivate ? 'DomainNameArn' : 'DomainName']: ref(logicalId),
        RestApiId: ref(apiId),
        Stage: ref(`${apiId}.Stage`),
        BasePath: path === undefined ? undefined : key,
      },
    };
  });
  return {
    logicalId,
    resources: [
      domainName,
      ...mappings,
      ...records(domain, name, type, isPrivate ? name : logicalId, { attributes, groups, blame }),
      ...(isPrivate ? association(domain, logicalId, attributes) : []),
    ],
  };
}

function mutualTls(domain: TreeMap, blame: Blame): Plain {
  const given = truthyMember(domain, 'MutualTlsAuthentication');
  if (given === undefined) return undefined;
  const map = expectMap(given, 'Domain.MutualTlsAuthentication', blame);
  if ([...map.members.keys()].some((key) => !TRUSTSTORE.includes(key))) {
    throw blame(
      "Available Domain.MutualTlsAuthentication fields are ['TruststoreUri', 'TruststoreVersion'].",
      given,
    );
  }
  return picked(map, TRUSTSTORE, truthyMember);
}

/** One undefined: mapped without a path. */
function basePaths(domain: TreeMap, blame: Blame): (string | undefined)[] {
  const given = get(domain, 'BasePath');
  if (isList(given) && given.items.length > 0) return expectStrings(given, 'Domain.BasePath', blame);
  const text = stringOf(given);
  return [text === '' ? undefined : text];
}

interface RecordMeans {
  readonly attributes: TemplateAttributes;
  readonly groups: Map<string, Resource>;
  readonly blame: Blame;
}

/** @param target what attributes are asked of: of a private domain, AWS SAM takes its name for its logical id */
function records(
  domain: TreeMap,
  name: Tree,
  type: string,
  target: Tree | string,
  means: RecordMeans,
): Resource[] {
  const { attributes, groups, blame } = means;
  const zone = hostedZone(domain, blame);
  if (zone === undefined) return [];
  const { route53 } = zone;
  const key = isTruthy(zone.id) ? zone.id : zone.name!;
  const own = get(route53, 'SeparateRecordSetGroup');
  const isOwn = isTruthy(own) && expectBoolean(own, 'Domain.Route53.SeparateRecordSetGroup', blame);
  const logicalId = `RecordSetGroup${idHash(isOwn ? pythonJson(made(0, [key, name])) : key)}`;
  const group = recordSetGroup(logicalId, zone, attributes, isOwn ? new Map() : groups);
  addRecords(group, zone, name, alias(route53, type, target));
  return [group];
}

/** The zone of CloudFront's distributions. */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

function alias(
  route53: TreeMap,
  type: string,
  target: Tree | string,
): { HostedZoneId: Plain; DNSName: Plain } {
  const attribute = (name: string): Plain =>
    typeof target === 'string' ? getAtt(target, name) : { 'Fn::GetAtt': [target, name] };
  switch (type) {
    case 'REGIONAL':
      return { HostedZoneId: attribute('RegionalHostedZoneId'), DNSName: attribute('RegionalDomainName') };
    case 'EDGE':
      return {
        HostedZoneId: CLOUDFRONT_ZONE,
        DNSName: get(route53, 'DistributionDomainName') ?? attribute('DistributionDomainName'),
      };
    default:
      return {
        HostedZoneId: get(route53, 'VpcEndpointHostedZoneId'),
        DNSName: get(route53, 'VpcEndpointDomainName'),
      };
  }
}

function association(domain: TreeMap, domainId: string, attributes: Attributes): Resource[] {
  const given = get(domain, 'AccessAssociation');
  if (!isMap(given)) return [];
  const endpoint = get(given, 'VpcEndpointId');
  return [
    {
      logicalId: `DomainNameAccessAssociation${idHash(made(given.offset, [endpoint, domainId]))}`,
      type: 'AWS::ApiGateway::DomainNameAccessAssociation',
      attributes,
      offset: given.offset,
      properties: {
        DomainNameArn: ref(domainId),
        AccessAssociationSourceType: 'VPCE',
        AccessAssociationSource: endpoint,
      },
    },
  ];
}
