// Api events: an operation of a REST API's document, and a permission (spec/definitions.md §8.1).
import {
  copied,
  get,
  has,
  isMap,
  isTruthy,
  madeMap,
  set,
  setNamed,
  stringOf,
  type Tree,
  type TreeMap,
  textOfTemplate,
  truthyMember,
} from '../editing.ts';
import type { FunctionEvent } from '../events/event.ts';
import type { FunctionTarget } from '../functions/function-target.ts';
import { idHash, isAlphanumeric } from '../ids.ts';
import { onlyIf, referredTo } from '../intrinsics.ts';
import { type Blame, blameResource, expectMap } from '../invalid.ts';
import {
  addIntegration,
  INTEGRATION,
  isIntegrated,
  normalizedMethod,
  integratedOperations as operationsWithIntegration,
  pathsOf,
  REST_NAMES,
  withoutLastSlash,
  withStars,
} from '../path-items.ts';
import { executeApiArn, permission } from '../permissions.ts';
import type { Resource } from '../resource.ts';
import { type ApiOperation, addEventAuth } from './event-auth.ts';
import { addRequestModel, addRequestParameters } from './event-requests.ts';
import { swaggerDocument, swaggerSkeleton } from './swagger-document.ts';

export function expandApiEvent(event: FunctionEvent): Resource[] {
  const { properties, expansion, target, logicalId, offset, blame } = event;
  const apiId = stringOf(referredTo(get(properties, 'RestApiId')));
  const resource = get(expansion.resources, apiId ?? '');
  const text = 'RestApiId property of Api event must reference a valid resource in the same template.';
  if (apiId !== undefined) expectMap(resource, 'RestApiId', blame, text);
  const api = get(resource, 'Properties');
  const stage = stageSuffix(apiId, api);
  const path = stringOf(get(properties, 'Path')) ?? '';
  const method = (stringOf(get(properties, 'Method')) ?? '').toLowerCase();
  const allowed = permission(
    `${logicalId}Permission${isAlphanumeric(stage) ? stage : idHash(stage)}`,
    offset,
    target.passedOn,
    {
      FunctionName: target.name,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: executeApiArn(
        expansion.partition,
        `\${__ApiId__}/\${__Stage__}/${method === 'any' ? '*' : method.toUpperCase()}${withStars(withoutLastSlash(path), REST_NAMES)}`,
        { __ApiId__: get(properties, 'RestApiId'), __Stage__: '*' },
      ),
    },
  );
  const operation: ApiOperation = { apiId: apiId ?? '', path, method, stage, offset, blame };
  if (isMap(api)) addToDocument(event, operation, api);
  return [allowed];
}

/** What the permission's id ends with. */
function stageSuffix(apiId: string | undefined, api: Tree | undefined): string {
  if (apiId === undefined) return 'AllStages';
  const stage = stringOf(get(api, 'StageName'));
  if (stage === '') throw blameResource(apiId, api?.offset)('StageName cannot be empty.');
  return stage ?? 'Stage';
}

function addToDocument(event: FunctionEvent, operation: ApiOperation, api: TreeMap): void {
  const { properties, expansion, blame } = event;
  const merges = isTruthy(get(api, 'MergeDefinitions'));
  const body = get(api, 'DefinitionBody');
  if ((expansion.managed.has(operation.apiId) || merges) && body !== undefined) {
    const document = swaggerDocument(merges ? swaggerSkeleton(body.offset) : body);
    addOperation(event, operation, api, document);
    if (merges) mergeOperation(operation, api, document);
  }
  const auth = truthyMember(properties, 'Auth');
  if (!isTruthy(get(api, 'DefinitionBody')) || !isTruthy(get(auth, 'OverrideApiAuth'))) return;
  const members = ['Authorizer', 'ApiKeyRequired', 'ResourcePolicy'];
  if (!members.some((name) => isTruthy(get(auth, name)))) {
    throw blame(
      'Must define one of: Authorizer, ApiKeyRequired or ResourcePolicy when using the OverrideApiAuth property.',
      auth,
    );
  }
  addEventAuth(operation, auth!, api, swaggerDocument(get(api, 'DefinitionBody')), expansion.parameters);
}

function addOperation(event: FunctionEvent, operation: ApiOperation, api: TreeMap, document: TreeMap): void {
  const { properties, target, expansion, blame, offset } = event;
  const { path, method } = operation;
  const paths = pathsOf(document);
  if (isIntegrated(paths, path, method)) {
    throw blame(`API method "${method}" defined multiple times for path "${path}".`);
  }
  const auth = get(properties, 'Auth');
  const own = isTruthy(auth) ? expectMap(auth, 'Auth', blame) : undefined;
  const ofApi = get(api, 'Auth');
  const shared = isTruthy(ofApi)
    ? expectMap(ofApi, 'Auth', blameResource(operation.apiId, api.offset))
    : undefined;
  const mode = get(properties, 'ResponseTransferMode');
  const isStream = stringOf(mode) === 'RESPONSE_STREAM';
  const uri = invocationUri(target, expansion.partition, isStream, offset);
  addIntegration(paths, path, method, offset, target.condition, (_, integration) => {
    set(integration, 'type', 'aws_proxy');
    set(integration, 'httpMethod', 'POST');
    set(integration, 'uri', target.condition === undefined ? uri : onlyIf(target.condition, uri));
    if (isStream) set(integration, 'responseTransferMode', 'STREAM');
    const credentials = credentialsOf(own, shared, expansion.partition);
    if (credentials !== undefined) set(integration, 'credentials', credentials);
  });
  if (own !== undefined) addEventAuth(operation, own, api, document, expansion.parameters);
  const timeout = get(properties, 'TimeoutInMillis');
  if (isTruthy(timeout)) setTimeoutOf(paths, operation, timeout);
  addRequestModel(operation, truthyMember(properties, 'RequestModel'), api, document);
  addRequestParameters(operation, truthyMember(properties, 'RequestParameters'), document);
}

/** With the logical id of a function it counts as text of the template, with that of an alias it does not. */
function invocationUri(target: FunctionTarget, partition: string, isStream: boolean, offset: number): Tree {
  const [version, suffix] = isStream
    ? ['2021-11-15', 'response-streaming-invocations']
    : ['2015-03-31', 'invocations'];
  const service = `arn:${partition}:apigateway:\${AWS::Region}:lambda`;
  const arn = `${service}:path/${version}/functions/${target.arnVariable}/${suffix}`;
  const isOfFunction = target.arnVariable.endsWith('.Arn}');
  return madeMap(offset, { 'Fn::Sub': isOfFunction ? textOfTemplate(offset, arn) : arn });
}

/** With AWS_IAM, API Gateway calls with a role, or with the caller's credentials. */
function credentialsOf(
  own: TreeMap | undefined,
  shared: TreeMap | undefined,
  partition: string,
): Tree | string | undefined {
  const isIam =
    stringOf(get(own, 'Authorizer')) === 'AWS_IAM' ||
    (stringOf(get(shared, 'DefaultAuthorizer')) === 'AWS_IAM' && own === undefined);
  if (!isIam) return undefined;
  for (const auth of [own, shared]) {
    const role = get(auth, 'InvokeRole');
    if (!isTruthy(role) && !has(auth, 'InvokeRole')) continue;
    if (!isTruthy(role) || stringOf(role) === 'NONE') return undefined;
    if (stringOf(role) !== 'CALLER_CREDENTIALS') return role;
    break;
  }
  return `arn:${partition}:iam::*:user/*`;
}

function setTimeoutOf(paths: TreeMap, { path, method }: ApiOperation, timeout: Tree): void {
  for (const operation of operationsWithIntegration(paths, path, method)) {
    set(get(operation, INTEGRATION) as TreeMap, 'timeoutInMillis', timeout);
  }
}

/** MergeDefinitions: the operation goes over what the document of the user has of it. */
function mergeOperation({ apiId, path, method }: ApiOperation, api: TreeMap, generated: TreeMap): void {
  const blame: Blame = blameResource(apiId, api.offset);
  const body = get(api, 'DefinitionBody') as TreeMap;
  if (!isMap(get(body, 'paths'))) set(body, 'paths', madeMap(body.offset, {}));
  const paths = get(body, 'paths') as TreeMap;
  if (!isMap(get(paths, path))) setNamed(paths, path, madeMap(body.offset, {}));
  const item = get(paths, path) as TreeMap;
  const given = get(item, method);
  if (isTruthy(given)) expectMap(given, `DefinitionBody.paths.${path}.${method}`, blame);
  const whole = isMap(given) ? (copied(given) as TreeMap) : madeMap(body.offset, {});
  const added = get(get(pathsOf(generated), path), normalizedMethod(method));
  for (const [name, { value }] of isMap(added) ? added.members : []) set(whole, name, value);
  setNamed(item, method, whole);
}
