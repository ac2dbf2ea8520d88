// The section Globals (spec/definitions.md §8.3).
import { get, isList, isMap, type Tree, type TreeMap } from './editing.ts';
import { isIntrinsic } from './intrinsics.ts';
import { blameResource, Invalid, InvalidDocument } from './invalid.ts';
import { pythonList } from './python-text.ts';

/** What each section may set, in the order in which the message lists it. */
const SECTIONS = new Map<string, readonly string[]>([
  [
    'Api',
    // biome-ignore format: a list of names
    ['Auth', 'Name', 'DefinitionUri', 'CacheClusterEnabled', 'CacheClusterSize', 'MergeDefinitions', 'Variables',
      'EndpointConfiguration', 'MethodSettings', 'BinaryMediaTypes', 'MinimumCompressionSize', 'Cors', 'GatewayResponses',
      'AccessLogSetting', 'CanarySetting', 'TracingEnabled', 'OpenApiVersion', 'Domain', 'AlwaysDeploy', 'PropagateTags',
      'SecurityPolicy', 'EndpointAccessMode'],
  ],
  [
    'CapacityProvider',
    [
      'VpcConfig',
      'OperatorRole',
      'Tags',
      'InstanceRequirements',
      'ScalingConfig',
      'KmsKeyArn',
      'PropagateTags',
    ],
  ],
  [
    'Function',
    // biome-ignore format: a list of names
    ['Handler', 'Runtime', 'CodeUri', 'DeadLetterQueue', 'Description', 'MemorySize', 'Timeout', 'VpcConfig', 'Environment', 'Tags',
      'PropagateTags', 'Tracing', 'KmsKeyArn', 'AutoPublishAlias', 'AutoPublishAliasAllProperties', 'Layers', 'DeploymentPreference',
      'RolePath', 'PermissionsBoundary', 'ReservedConcurrentExecutions', 'ProvisionedConcurrencyConfig', 'AssumeRolePolicyDocument',
      'EventInvokeConfig', 'FileSystemConfigs', 'CodeSigningConfigArn', 'Architectures', 'SnapStart', 'EphemeralStorage',
      'FunctionUrlConfig', 'RuntimeManagementConfig', 'LoggingConfig', 'RecursiveLoop', 'SourceKMSKeyArn', 'TenancyConfig',
      'DurableConfig', 'CapacityProviderConfig', 'FunctionScalingConfig', 'PublishToLatestPublished', 'VersionDeletionPolicy'],
  ],
  [
    'HttpApi',
    // biome-ignore format: a list of names
    ['Auth', 'AccessLogSettings', 'StageVariables', 'Tags', 'CorsConfiguration', 'DefaultRouteSettings', 'Domain', 'RouteSettings',
      'FailOnWarnings', 'PropagateTags'],
  ],
  ['LayerVersion', ['PublishLambdaVersion']],
  ['SimpleTable', ['SSESpecification']],
  ['StateMachine', ['PropagateTags']],
  [
    'WebSocketApi',
    // biome-ignore format: a list of names
    ['AccessLogSettings', 'ApiKeySelectionExpression', 'DefaultRouteSettings', 'DisableExecuteApiEndpoint', 'DisableSchemaValidation',
      'Domain', 'FailOnWarnings', 'IpAddressType', 'PropagateTags', 'RouteSelectionExpression', 'RouteSettings', 'StageVariables',
      'Tags'],
  ],
]);

function invalidGlobals(text: string, at: Tree): InvalidDocument {
  return new InvalidDocument([new Invalid(`'Globals' section is invalid. ${text}`, at.offset)]);
}

/** Checks the section, and returns what properties of a resource become with it. */
export function readGlobals(
  section: Tree | undefined,
): (type: string, logicalId: string, resource: TreeMap, properties: TreeMap) => TreeMap {
  if (section !== undefined) checkGlobals(section);
  return (type, logicalId, resource, properties) => {
    const globals = get(section, type.replace('AWS::Serverless::', ''));
    if (!isMap(globals)) return properties;
    return merged(withoutIgnored(globals, logicalId, get(resource, 'IgnoreGlobals')), properties) as TreeMap;
  };
}

function checkGlobals(section: Tree): void {
  if (!isMap(section)) throw invalidGlobals('It must be a non-empty dictionary', section);
  for (const [name, { value }] of section.members) {
    const known = SECTIONS.get(name);
    if (known === undefined) {
      throw invalidGlobals(
        `'${name}' is not supported. Must be one of the following values - ${pythonList([...SECTIONS.keys()])}`,
        value,
      );
    }
    if (!isMap(value)) throw invalidGlobals('Value of ${section} must be a dictionary', value);
    for (const [property, { value: given }] of value.members) {
      if (known.includes(property)) continue;
      throw invalidGlobals(
        `'${property}' is not a supported property of '${name}'. Must be one of the following values - ${pythonList(known)}`,
        given,
      );
    }
  }
}

/** §8.3.4. */
function withoutIgnored(globals: TreeMap, logicalId: string, ignored: Tree | undefined): TreeMap {
  if (ignored === undefined) return globals;
  const blame = (text: string, at: Tree) =>
    new InvalidDocument([blameResource(logicalId, ignored.offset)(text, at)]);
  if (ignored.kind === 'scalar' && ignored.value === '*') return { ...globals, members: new Map() };
  if (!isList(ignored))
    throw blame(`Resource ${logicalId} has invalid resource attribute 'IgnoreGlobals'.`, ignored);
  const members = new Map(globals.members);
  for (const item of ignored.items) {
    const name = item.kind === 'scalar' ? item.text : '';
    if (!members.delete(name)) {
      throw blame(
        `Resource ${logicalId} has invalid resource attribute 'IgnoreGlobals' on item '${name}'.`,
        item,
      );
    }
  }
  return { ...globals, members };
}

/** Maps member by member, lists one after the other; else, and where the two are of different kinds, the resource's (§8.3.3). */
function merged(global: Tree, own: Tree): Tree {
  if (isList(global) && isList(own)) return { ...own, items: [...global.items, ...own.items] };
  if (!isMap(global) || !isMap(own) || isIntrinsic(global) || isIntrinsic(own)) return own;
  const whole: TreeMap = { ...own, members: new Map(global.members) };
  for (const [key, { keyOffset, value }] of own.members) {
    const others = global.members.get(key);
    whole.members.set(key, { keyOffset, value: others === undefined ? value : merged(others.value, value) });
  }
  return whole;
}

/** Whether the property is set for all resources of the type. */
export function globalProperty(section: Tree | undefined, type: string, property: string): Tree | undefined {
  return get(get(section, type.replace('AWS::Serverless::', '')), property);
}
