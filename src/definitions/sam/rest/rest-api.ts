// `AWS::Serverless::Api`: a REST API with a deployment and a stage (spec/definitions.md §8.1). None of them is served here.
import {
  entries,
  get,
  has,
  isList,
  isMap,
  isTruthy,
  made,
  madeMap,
  type Plain,
  type PlainMap,
  picked,
  set,
  setNamed,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { idHash, isAlphanumeric } from '../ids.ts';
import { isIntrinsic, ref } from '../intrinsics.ts';
import { type Blame, blameResource, expectMap, invalidStructure } from '../invalid.ts';
import { bodyLocation } from '../locations.ts';
import { isVersion3, pathsOf } from '../path-items.ts';
import { authorizerPermission } from '../permissions.ts';
import { pythonType } from '../python-text.ts';
import { type Resource, type SamResource, tagList, withPropagatedTags } from '../resource.ts';
import { deploymentHash } from './deployment-id.ts';
import { addResourcePolicy } from './resource-policy.ts';
import { restAuthorizers } from './rest-authorizers.ts';
import { editRestCors } from './rest-cors.ts';
import { restDomain } from './rest-domain.ts';
import { addApiKeyScheme, requireApiKey, setDefaultAuthorizer } from './rest-security.ts';
import { blamed, inPlaceOfVersion, isSwagger, mapIn, swaggerDocument } from './swagger-document.ts';
import { usagePlan } from './usage-plan.ts';

const AUTH_MEMBERS = [
  'Authorizers',
  'DefaultAuthorizer',
  'InvokeRole',
  'AddDefaultAuthorizerToCorsPreflight',
  'AddApiKeyRequiredToCorsPreflight',
  'ApiKeyRequired',
  'ResourcePolicy',
  'UsagePlan',
];

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
  editAuth(api, auth, body, version, expansion, blame);
  editGatewayResponses(truthyMember(properties, 'GatewayResponses'), body, blame);
  if (isTruthy(media) && body !== undefined) {
    set(swaggerDocument(body), 'x-amazon-apigateway-binary-media-types', withSlashes(media));
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
    ...authorizerPermissions(api, auth, expansion, blame),
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

function editAuth(
  { properties }: SamResource,
  auth: Tree | undefined,
  body: Tree | undefined,
  version: Tree | undefined,
  { partition }: Expansion,
  blame: Blame,
): void {
  if (!isTruthy(auth)) return;
  if (body === undefined) {
    throw blame("Auth works only with inline Swagger specified in 'DefinitionBody' property.", auth);
  }
  if (!isMap(auth) || [...auth.members.keys()].some((key) => !AUTH_MEMBERS.includes(key))) {
    throw blame("Invalid value for 'Auth' property", auth);
  }
  if (!isSwagger(body)) {
    throw blame(
      "Unable to add Auth configuration because 'DefinitionBody' does not contain a valid Swagger definition.",
      body,
    );
  }
  const document = swaggerDocument(body);
  addAuthorizers(document, auth, partition, blame);
  if (isTruthy(get(auth, 'ApiKeyRequired'))) {
    blamed(blame, () => addApiKeyScheme(document));
    requireApiKey(document, isSet(auth, 'AddApiKeyRequiredToCorsPreflight'));
  }
  const policy = get(auth, 'ResourcePolicy');
  if (isTruthy(policy)) {
    if (!isMap(policy))
      throw invalidStructure('ResourcePolicy must be a map (ResourcePolicyStatement).', policy);
    for (const path of pathsOf(document).members.keys()) {
      addResourcePolicy(document, policy, path, get(properties, 'StageName')!);
    }
  }
  inPlaceOfVersion(document, version);
}

function addAuthorizers(document: TreeMap, auth: TreeMap, partition: string, blame: Blame): void {
  const authorizers = restAuthorizers(auth, partition, blame);
  if (authorizers === undefined || authorizers.size === 0) return;
  const schemes = mapIn(document, 'securityDefinitions');
  for (const { name, definition } of authorizers.values()) setNamed(schemes, name, definition());
  const given = get(auth, 'DefaultAuthorizer');
  if (!isTruthy(given)) return;
  const name = stringOf(given);
  if (name === undefined) throw blame('DefaultAuthorizer is not a string.', given);
  if (!authorizers.has(name)) {
    throw blame(`Unable to set DefaultAuthorizer because '${name}' was not defined in 'Authorizers'.`, given);
  }
  const withPreflight = isSet(auth, 'AddDefaultAuthorizerToCorsPreflight');
  setDefaultAuthorizer(document, name, authorizers.get(name)!.scopes, [...authorizers.keys()], withPreflight);
}

/** A switch that is on by default. */
function isSet(auth: TreeMap, name: string): boolean {
  return !has(auth, name) || isTruthy(get(auth, name));
}

const RESPONSE_MEMBERS = ['ResponseParameters', 'ResponseTemplates', 'StatusCode'];
const PREFIXES = [
  ['Headers', 'gatewayresponse.header.'],
  ['Paths', 'gatewayresponse.path.'],
  ['QueryStrings', 'gatewayresponse.querystring.'],
] as const;

function editGatewayResponses(given: Tree | undefined, body: Tree | undefined, blame: Blame): void {
  if (given === undefined) return;
  if (body === undefined) {
    throw blame(
      "GatewayResponses works only with inline Swagger specified in 'DefinitionBody' property.",
      given,
    );
  }
  for (const [name, response] of entries(given)) {
    if (isIntrinsic(response)) {
      throw blame(
        'Unable to set GatewayResponses attribute because intrinsic functions are not supported for this field.',
        response,
      );
    }
    if (!isMap(response)) {
      throw blame(
        `Invalid property type '${pythonType(response)}' for GatewayResponses. Expected an object of type 'GatewayResponse'.`,
        response,
      );
    }
    const wrong = [...response.members.keys()].find((key) => !RESPONSE_MEMBERS.includes(key));
    if (wrong !== undefined) {
      throw blame(`Invalid property '${wrong}' in 'GatewayResponses' property '${name}'.`, response);
    }
  }
  if (!isSwagger(body)) {
    throw blame(
      "Unable to add Auth configuration because 'DefinitionBody' does not contain a valid Swagger definition.",
      body,
    );
  }
  const responses = mapIn(swaggerDocument(body), 'x-amazon-apigateway-gateway-responses');
  for (const [name, response] of entries(given)) {
    setNamed(responses, name, gatewayResponse(name, response as TreeMap, blame));
  }
}

function gatewayResponse(name: string, response: TreeMap, blame: Blame): TreeMap {
  const parameters = truthyMember(response, 'ResponseParameters');
  const path = `GatewayResponses.${name}.ResponseParameters`;
  const map = parameters === undefined ? madeMap(response.offset, {}) : expectMap(parameters, path, blame);
  for (const key of map.members.keys()) {
    if (!PREFIXES.some(([member]) => member === key)) {
      throw blame(`Invalid gateway response parameter '${key}'`, map);
    }
  }
  const status = truthyMember(response, 'StatusCode');
  if (status !== undefined && !(status.kind === 'scalar' && /^[0-9]{1,3}$/.test(status.text))) {
    throw blame("Property 'StatusCode' must be numeric", status);
  }
  const prefixed = madeMap(response.offset, {});
  for (const [member, prefix] of PREFIXES) {
    const given = get(map, member);
    if (given === undefined) continue;
    for (const [key, value] of entries(expectMap(given, `ResponseParameters.${member}`, blame))) {
      setNamed(prefixed, prefix + key, value);
    }
  }
  return madeMap(response.offset, {
    responseParameters: prefixed,
    responseTemplates: truthyMember(response, 'ResponseTemplates') ?? madeMap(response.offset, {}),
    statusCode: status?.kind === 'scalar' ? status.text : undefined,
  });
}

/** A slash is written `~1`. */
function withSlashes(tree: Tree): Tree {
  if (isList(tree)) return { ...tree, items: tree.items.map(withSlashes) };
  if (isMap(tree)) {
    const whole = madeMap(tree.offset, {});
    for (const [key, value] of entries(tree)) setNamed(whole, key.replaceAll('~1', '/'), withSlashes(value));
    return whole;
  }
  const text = stringOf(tree)?.replaceAll('~1', '/');
  return text === undefined ? tree : { kind: 'scalar', offset: tree.offset, value: text, text };
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
  if (!isSwagger(body)) {
    throw blame(
      "Unable to add Models definitions because 'DefinitionBody' does not contain a valid Swagger definition.",
      body,
    );
  }
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

function authorizerPermissions(
  { logicalId, passedOn }: SamResource,
  auth: Tree | undefined,
  { partition }: Expansion,
  blame: Blame,
): Resource[] {
  if (!isMap(auth)) return [];
  return [...(restAuthorizers(auth, partition, blame)?.values() ?? [])]
    .filter(({ functionArn, isPermitted }) => isTruthy(functionArn) && isPermitted)
    .map(({ name, functionArn }) =>
      authorizerPermission(
        `${logicalId}${name}AuthorizerPermission`,
        auth.offset,
        passedOn,
        functionArn,
        ref(logicalId),
        partition,
      ),
    );
}
