// `AWS::Serverless::Api`: a REST API with a deployment and a stage (spec/definitions.md §8.1). None of them is served here.
import {
  entries,
  get,
  has,
  isList,
  isMap,
  isTruthy,
  made,
  type Plain,
  type PlainMap,
  picked,
  set,
  setNamed,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
  withTexts,
} from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { idHash, isAlphanumeric } from '../ids.ts';
import { ref } from '../intrinsics.ts';
import { type Blame, blameResource, invalidStructure } from '../invalid.ts';
import { bodyLocation } from '../locations.ts';
import { isVersion3 } from '../path-items.ts';
import { authorizerPermissions } from '../permissions.ts';
import { type Resource, type SamResource, tagList, withPropagatedTags } from '../resource.ts';
import { deploymentHash } from './deployment-id.ts';
import { editGatewayResponses } from './gateway-responses.ts';
import { editRestAuth } from './rest-auth.ts';
import { restAuthorizers } from './rest-authorizers.ts';
import { editRestCors } from './rest-cors.ts';
import { restDomain } from './rest-domain.ts';
import { expectSwagger, inPlaceOfVersion, mapIn, swaggerDocument } from './swagger-document.ts';
import { usagePlan } from './usage-plan.ts';

/** Regions without edge-optimised endpoints. */
const REGIONAL_ONLY = ['aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];

export function expandRestApi(api: SamResource, expansion: Expansion): Resource[] {
  const { logicalId, properties, passedOn, offset } = api;
  const blame = blameResource(logicalId, offset);
  const { parameters } = expansion;
  const uri = truthyMember(properties, 'DefinitionUri');
  const body = truthyMember(properties, 'DefinitionBody');
  const version = truthyMember(properties, 'OpenApiVersion');
  checkDocument(properties, uri, body, version, blame);
  const auth = parameters.resolved(truthyMember(properties, 'Auth'));
  const media = parameters.resolved(get(properties, 'BinaryMediaTypes'));
  const endpoint = endpointConfiguration(properties, expansion.partition, blame);
  editRestCors(get(properties, 'Cors'), body, blame);
  editRestAuth(api, auth, body, version, expansion, blame);
  editGatewayResponses(truthyMember(properties, 'GatewayResponses'), body, blame);
  if (isTruthy(media) && body !== undefined) {
    // A slash is written `~1`.
    set(
      swaggerDocument(body),
      'x-amazon-apigateway-binary-media-types',
      withTexts(media, (text) => text.replaceAll('~1', '/')),
    );
  }
  editModels(truthyMember(properties, 'Models'), body, version, blame);
  editEndpoint(get(properties, 'DisableExecuteApiEndpoint'), body, blame);
  if (isMap(body) && isMap(get(body, 'paths'))) inPlaceOfVersion(body, version);
  const domain = parameters.resolved(get(properties, 'Domain'));
  const custom = restDomain(domain, logicalId, passedOn, expansion.recordSetGroups, blame);
  const location = uri === undefined ? undefined : bodyLocation(uri, 'DefinitionUri', blame);
  const restApi: Resource = {
    logicalId,
    type: 'AWS::ApiGateway::RestApi',
    attributes: api.attributes,
    dependsOn: api.dependsOn,
    offset,
    properties: {
      Body: body,
      BodyS3Location: location,
      BinaryMediaTypes: media,
      MinimumCompressionSize: get(properties, 'MinimumCompressionSize'),
      ...endpoint,
      ...picked(
        properties,
        [
          'FailOnWarnings',
          'Name',
          'Description',
          'Mode',
          'ApiKeySourceType',
          'Policy',
          'SecurityPolicy',
          'EndpointAccessMode',
        ],
        truthyMember,
      ),
    },
  };
  const stageId = stageIdOf(logicalId, stringOf(get(properties, 'StageName')) ?? '');
  const hash = deploymentHash({
    document: body ?? (location === undefined ? undefined : made(offset, location)),
    version,
    domain: custom === undefined ? undefined : domain,
    domainId: custom?.logicalId,
    functionNames: expansion.functionNames.get(logicalId) ?? '',
  });
  const deploymentId = `${logicalId}Deployment${hash.slice(0, 10)}`;
  const resources = [
    restApi,
    {
      logicalId: deploymentId,
      type: 'AWS::ApiGateway::Deployment',
      attributes: passedOn,
      offset,
      properties: {
        RestApiId: ref(logicalId),
        Description: hash === '' ? undefined : `RestApi deployment id: ${hash}`,
        StageName: version === undefined ? 'Stage' : undefined,
      },
    },
    stage(api, stageId, deploymentId),
    ...(isMap(auth)
      ? authorizerPermissions(
          restAuthorizers(auth, expansion.partition, blame)?.values() ?? [],
          { logicalId, passedOn, offset: auth.offset },
          expansion.partition,
        )
      : []),
    ...(custom?.resources ?? []),
    ...usagePlan(get(auth, 'UsagePlan'), {
      logicalId,
      stageId,
      passedOn,
      shared: expansion.sharedUsagePlan,
      conditions: expansion.declaredConditions(),
      blame,
    }),
  ];
  return withPropagatedTags(resources, properties);
}

function checkDocument(
  properties: TreeMap,
  uri: Tree | undefined,
  body: Tree | undefined,
  version: Tree | undefined,
  blame: Blame,
): void {
  if (uri !== undefined && body !== undefined) {
    throw blame("Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.", uri);
  }
  if (uri !== undefined && isTruthy(get(properties, 'MergeDefinitions'))) {
    throw blame("Cannot set 'MergeDefinitions' to True when using `DefinitionUri`.", uri);
  }
  if (version !== undefined && !(version.kind === 'scalar' && /^[2-3]\.\d(\.\d)?$/.test(version.text))) {
    throw blame("The OpenApiVersion value must be of the format '3.0.0'.", version);
  }
}

function endpointConfiguration(properties: TreeMap, partition: string, blame: Blame): Record<string, Plain> {
  const given = truthyMember(properties, 'EndpointConfiguration');
  if (given === undefined) {
    if (!REGIONAL_ONLY.includes(partition)) return {};
    return endpointOf('REGIONAL');
  }
  const type = truthyMember(given, 'Type');
  if (!isMap(given) || type === undefined) return endpointOf(given);
  if (has(given, 'VPCEndpointIds') && has(given, 'VpcEndpointIds')) {
    throw blame(
      "'VPCEndpointIds' and 'VpcEndpointIds' cannot be used together in EndpointConfiguration.",
      given,
    );
  }
  return endpointOf(type, {
    VpcEndpointIds: truthyMember(given, 'VPCEndpointIds') ?? get(given, 'VpcEndpointIds'),
    IpAddressType: get(given, 'IpAddressType'),
  });
}

function endpointOf(type: Plain, more: PlainMap = {}): Record<string, Plain> {
  return {
    EndpointConfiguration: { Types: [type], ...more },
    Parameters: { endpointConfigurationTypes: type },
  };
}

function editModels(
  models: Tree | undefined,
  body: Tree | undefined,
  version: Tree | undefined,
  blame: Blame,
): void {
  if (models === undefined) return;
  if (body === undefined) {
    throw blame("Models works only with inline Swagger specified in 'DefinitionBody' property.", models);
  }
  expectSwagger(body, 'Models definitions', blame);
  if (entries(models).some(([, model]) => !isMap(model)))
    throw blame("Invalid value for 'Models' property", models);
  const document = swaggerDocument(body);
  const definitions = mapIn(document, 'definitions');
  for (const [name, model] of entries(models)) {
    if (!isTruthy(get(model, 'type'))) throw invalidStructure("'Models' schema is missing 'type'.", model);
    setNamed(definitions, name.toLowerCase(), model);
  }
  inPlaceOfVersion(document, version);
}

function editEndpoint(disabled: Tree | undefined, body: Tree | undefined, blame: Blame): void {
  if (disabled === undefined) return;
  if (body === undefined) {
    throw blame("DisableExecuteApiEndpoint works only within 'DefinitionBody' property.", disabled);
  }
  const document = swaggerDocument(body);
  const isThird = isVersion3(get(document, 'openapi'));
  if (isThird && !has(document, 'servers')) set(document, 'servers', [{}]);
  const servers = get(document, 'servers');
  const holders = isThird ? (isList(servers) ? servers.items : []) : [document];
  for (const [index, holder] of holders.entries()) {
    if (!isMap(holder)) {
      throw invalidStructure(
        `Invalid OpenAPI definition of 'servers[${index}]': It should be a map.`,
        holder,
      );
    }
    const configuration = mapIn(holder, 'x-amazon-apigateway-endpoint-configuration');
    set(configuration, 'disableExecuteApiEndpoint', disabled);
  }
}

function stageIdOf(logicalId: string, name: string): string {
  return `${logicalId}${isAlphanumeric(name) ? `${name}Stage` : `Stage${idHash(name)}`}`;
}

function stage(
  { logicalId, properties, passedOn, offset }: SamResource,
  stageId: string,
  deploymentId: string,
): Resource {
  const asTheyAre = [
    'StageName',
    'CacheClusterEnabled',
    'CacheClusterSize',
    'Variables',
    'MethodSettings',
    'AccessLogSetting',
    'CanarySetting',
    'TracingEnabled',
  ];
  const tags = get(properties, 'Tags');
  return {
    logicalId: stageId,
    type: 'AWS::ApiGateway::Stage',
    attributes: passedOn,
    offset,
    properties: {
      RestApiId: ref(logicalId),
      DeploymentId: ref(deploymentId),
      ...picked(properties, asTheyAre),
      Tags: tags === undefined ? undefined : tagList(tags),
    },
  };
}
