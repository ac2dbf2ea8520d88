// Custom domain names (spec/management-api.md §2.10, §6.2): AVAILABLE at once, since nothing has to be set up elsewhere.
import { API_INDEX, apiKeyOf, apiMappingsOf, domainIndexKey } from '../../config/keys.ts';
import { parseCertificateArn } from '../../grammar/arn.ts';
import { partitionOf, printManagementArn } from '../../grammar/management-arn.ts';
import { badRequest } from '../../wire/errors.ts';
import type { AnyInput } from '../../wire/parse.ts';
import { type Context, isForeign } from '../context.ts';
import { listAll } from '../document-list.ts';
import { randomId } from '../identifiers.ts';
import { checkLength } from '../limits.ts';
import type { Outside, TruststoreReading } from '../outside.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import { addedTags, checkTags } from '../tags/tag-rules.ts';
import { type ApiMappingDocument, NO_MUTUAL_TLS } from './api-mapping.ts';
import type { DomainNameConfiguration, DomainNameDocument, MutualTls } from './domain-name-document.ts';
import { hostedZoneOf } from './hosted-zones.ts';

type DomainScope = Scope<DomainNameDocument, readonly []>;

const ONLY_TLS_1_2 =
  'Only REGIONAL domain names with a security policy of TLS 1.2 can be managed through the API Gateway V2 API. For TLS 1.0 ' +
  'domain names, please use the API Gateway V1 API to upgrade your security policy to TLS 1.2. Currently, only REST APIs can ' +
  'be attached to a domain name with a security policy of TLS 1.0.';

export const domainNames = resource<'DomainName', DomainNameDocument, readonly []>('DomainName', {
  patch: {
    DomainNameConfigurations: (stored, given) =>
      given.length === 1 ? [{ ...stored?.[0], ...unprinted(given[0]!) }] : given,
    MutualTlsAuthentication: patchMutualTls,
    Tags: addedTags,
  },
  settle,
  prepare: async ({ MutualTlsAuthentication }, { given, outside }) =>
    MutualTlsAuthentication && readTruststore(MutualTlsAuthentication, given, outside),
  async upkeep(document, { context: { tx, account, region }, id, previous }) {
    const key = domainIndexKey(region, id);
    if (document === undefined) await tx.delete(key);
    else if (previous === undefined) await tx.put(key, { Account: account, Region: region, DomainName: id });
  },
  print: (document, _path, { region }) => ({
    ...document,
    DomainNameArn: domainNameArn(document.DomainName, region),
  }),
});

export function domainNameArn(name: string, region: string): string {
  return printManagementArn({
    partition: partitionOf(region),
    region,
    account: '',
    resource: 'domainName',
    ids: [name],
  });
}

/** What a request gives of a configuration, without what only API Gateway says. */
function unprinted(given: DomainNameConfiguration): DomainNameConfiguration {
  const { ApiGatewayDomainName, DomainNameStatus, DomainNameStatusMessage, HostedZoneId, ...members } = given;
  return members;
}

/** An empty TruststoreUri turns mutual TLS off. A new truststore does not keep the version of the one before (§1.10). */
function patchMutualTls(stored: MutualTls | undefined, given: MutualTls): MutualTls | undefined {
  if (given.TruststoreUri === '') return undefined;
  const isOther = given.TruststoreUri !== undefined && given.TruststoreUri !== stored?.TruststoreUri;
  const next = isOther ? given : { ...stored, ...given };
  return Object.keys(next).length === 0 ? undefined : next;
}

async function settle(draft: Draft<DomainNameDocument>, scope: DomainScope): Promise<DomainNameDocument> {
  const { context, id, given, rewritten } = scope;
  const previous = scope.previous ?? rewritten;
  const [configuration, ...others] = draft.DomainNameConfigurations ?? [];
  if (previous === undefined) await checkName(id, context);
  if (configuration === undefined || others.length > 0) {
    throw badRequest('Invalid input. Expected one domain name configuration');
  }
  const settled = settledConfiguration({ ...endpointOf(rewritten), ...configuration }, context);
  if (previous === undefined) checkCovered(id, settled, context);
  const mutualTls = await settledMutualTls(draft.MutualTlsAuthentication, scope);
  checkTags(draft.Tags, given.Tags);
  if (previous === undefined && (await context.tx.get(domainIndexKey(context.region, id))) !== undefined) {
    throw badRequest('The domain name you provided already exists.');
  }
  const { MutualTlsAuthentication, ...members } = draft;
  return {
    ...members,
    ...(mutualTls === undefined ? {} : { MutualTlsAuthentication: mutualTls }),
    DomainName: id,
    DomainNameConfigurations: [settled],
    RoutingMode: draft.RoutingMode ?? 'API_MAPPING_ONLY',
    ApiMappingSelectionExpression: '$request.basepath',
    Tags: draft.Tags ?? {},
  };
}

/** What the service gave the document that is rewritten. */
function endpointOf(rewritten: DomainNameDocument | undefined): DomainNameConfiguration {
  const ApiGatewayDomainName = rewritten?.DomainNameConfigurations[0]?.ApiGatewayDomainName;
  return ApiGatewayDomainName === undefined ? {} : { ApiGatewayDomainName };
}

/** Host names in lower case with two labels at least; a first label `*` stands for any one label. */
const NAME =
  /^(?:\*|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

async function checkName(name: string, context: Context): Promise<void> {
  checkLength('domainName', name, 1, 512);
  if (name.includes('_')) throw badRequest('Domain names cannot contain an underscore character');
  if (!NAME.test(name)) throw badRequest(`Invalid domain name specified: ${name}`);
  if (await isEndpoint(name, context)) {
    throw badRequest(`The domain name ${name} belongs to the default endpoints of APIs`);
  }
}

/** A domain goes before default endpoints (spec/http-api.md §1.7), so it must not be one of them: it would take away
 *  the requests of an API that may be another account's. */
async function isEndpoint(name: string, context: Context): Promise<boolean> {
  const [first = '', second] = name.split('.');
  if (second === 'execute-api') return true;
  const endpoint = new URL(context.endpoint(first, 'HTTP'));
  if (endpoint.hostname !== name) return false;
  return first === '*' || (await context.tx.get([...API_INDEX, first])) !== undefined;
}

function settledConfiguration(given: DomainNameConfiguration, context: Context): DomainNameConfiguration {
  const { CertificateArn, OwnershipVerificationCertificateArn } = given;
  const EndpointType = given.EndpointType?.toUpperCase() ?? 'REGIONAL';
  const SecurityPolicy = given.SecurityPolicy?.toUpperCase() ?? 'TLS_1_2';
  if (EndpointType === 'EDGE') {
    throw badRequest('EDGE endpoint type is not supported for APIGatewayV2 domainName');
  }
  if (SecurityPolicy !== 'TLS_1_2') throw badRequest(ONLY_TLS_1_2);
  if (CertificateArn === undefined) throw badRequest('certificateArn is a required field');
  checkCertificate(CertificateArn, context);
  if (OwnershipVerificationCertificateArn !== undefined) {
    checkCertificate(OwnershipVerificationCertificateArn, context);
  }
  return {
    ...given,
    ApiGatewayDomainName:
      given.ApiGatewayDomainName ?? `d-${randomId(10)}.execute-api.${context.region}.amazonaws.com`,
    DomainNameStatus: 'AVAILABLE',
    EndpointType,
    HostedZoneId: hostedZoneOf(context.region),
    IpAddressType: given.IpAddressType ?? 'ipv4',
    SecurityPolicy,
  };
}

function checkCertificate(arn: string, context: Context): void {
  const { region, account } = context;
  const found = parseCertificateArn(arn);
  if (found === undefined) throw badRequest(`Invalid certificate ARN: ${arn}.`);
  if (found.region !== region) {
    throw badRequest(`Invalid certificate ARN: ${arn}. Certificate must be in '${region}'.`);
  }
  if (isForeign(found.account, context)) {
    throw badRequest(`Invalid certificate ARN: ${arn}. Certificate must be of the account ${account}.`);
  }
}

/** What a certificate that is not known here covers cannot be told. */
function checkCovered(
  name: string,
  { CertificateArn = '' }: DomainNameConfiguration,
  context: Context,
): void {
  if (context.certificateCovers?.(CertificateArn, name) !== false) return;
  throw badRequest('The domain name to be created is not covered by the provided certificate.');
}

const TRUSTSTORE = /^s3:\/\/[a-z0-9][a-z0-9.-]+\/.+$/;

async function settledMutualTls(
  mutualTls: MutualTls | undefined,
  scope: DomainScope,
): Promise<MutualTls | undefined> {
  if (mutualTls === undefined) return undefined;
  const { TruststoreUri = '', TruststoreVersion } = mutualTls;
  checkLength('truststoreUri', TruststoreUri, 1, 2048);
  if (!TRUSTSTORE.test(TruststoreUri)) throw badRequest('Invalid truststoreUri specified');
  checkLength('truststoreVersion', TruststoreVersion, 1, 64);
  await refuseWebSocketMappings(scope);
  const read = scope.rewritten?.MutualTlsAuthentication;
  if (read?.TruststoreUri === TruststoreUri && read.TruststoreVersion === TruststoreVersion) return read;
  const reading = await readTruststore(mutualTls, scope.given, scope.context.outside);
  if (reading === undefined) return mutualTls;
  const { warnings } = reading;
  return {
    TruststoreUri,
    ...(TruststoreVersion === undefined ? {} : { TruststoreVersion }),
    ...(warnings.length === 0 ? {} : { TruststoreWarnings: warnings }),
  };
}

/** Has a truststore read that the request speaks of: TruststoreWarnings are those of the last one that did (spec/http-api.md
 *  §10.2). */
async function readTruststore(
  { TruststoreUri, TruststoreVersion }: MutualTls,
  { MutualTlsAuthentication }: AnyInput,
  outside: Outside | undefined,
): Promise<TruststoreReading | undefined> {
  if (TruststoreUri === undefined || MutualTlsAuthentication === undefined) return undefined;
  return outside?.readTruststore?.(TruststoreUri, TruststoreVersion);
}

async function refuseWebSocketMappings({ context, key }: DomainScope): Promise<void> {
  const [mapping] = await listAll<ApiMappingDocument>(context.tx, apiMappingsOf(key));
  const api = mapping && (await context.tx.get(apiKeyOf(context, mapping.ApiId)));
  if (api?.ProtocolType === 'WEBSOCKET') throw badRequest(NO_MUTUAL_TLS);
}
