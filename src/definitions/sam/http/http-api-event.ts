// HttpApi events: an operation of the API's document, and a permission (spec/definitions.md §8.5).
import { get, isMap, isTrue, isTruthy, madeMap, stringOf, type Tree, type TreeMap } from '../editing.ts';
import type { FunctionEvent } from '../events/event.ts';
import { referredTo, sub } from '../intrinsics.ts';
import { blameResource, expectMap } from '../invalid.ts';
import { ANY_METHOD, isIntegrated, pathsOf, withoutLastSlash, withStars } from '../path-items.ts';
import { executeApiArn, invocationUri, permission } from '../permissions.ts';
import { pythonStr } from '../python-text.ts';
import type { Resource } from '../resource.ts';
import {
  addLambdaOperation,
  addPathParameters,
  addSecurity,
  type LambdaOperation,
  openApiDocument,
  openApiDocumentOf,
  ownsDefaultRoute,
  setIntegrationMember,
} from './openapi-editor.ts';

/** Names that become `*` in the source of a permission: not those with a plus sign, except `proxy+`. */
const NAMES = /\{(?:[a-zA-Z0-9._-]+|proxy\+)\}/g;

export function expandHttpApiEvent(event: FunctionEvent): Resource[] {
  const { expansion, properties } = event;
  const apiId = stringOf(referredTo(get(properties, 'ApiId'))) ?? '';
  const resource = get(expansion.resources, apiId);
  if (stringOf(get(resource, 'Type')) === 'AWS::ApiGatewayV2::Api') warnOfRawApi(event, apiId);
  const api = get(resource, 'Properties');
  const permissions = permissionOf(event, apiId, get(api, 'DefinitionBody'));
  if (isMap(api) && get(api, 'DefinitionBody') !== undefined) addOperation(event, apiId, api);
  return permissions;
}

/** AWS SAM says nothing (§8.5.3, Choice D40). */
function warnOfRawApi({ expansion, functionId, eventId, offset }: FunctionEvent, apiId: string): void {
  expansion.report({
    severity: 'warning',
    text: `${functionId}.${eventId}: SAM adds no route to an AWS::ApiGatewayV2::Api; make ${apiId} an AWS::Serverless::HttpApi, or add a Route`,
    offset,
    logicalId: functionId,
    type: 'AWS::Serverless::Function',
  });
}

/** None where the function owns the default route, whose permission is for every path (§8.5.6). */
function permissionOf(event: FunctionEvent, apiId: string, body: Tree | undefined): Resource[] {
  const { properties, target, logicalId, offset } = event;
  const given = stringOf(get(properties, 'Path')) ?? '';
  const method = (stringOf(get(properties, 'Method')) ?? '').toLowerCase();
  const document = isTruthy(body) ? openApiDocumentOf(body, blameResource(apiId)) : undefined;
  const isDefault = given === '$default';
  if (!isDefault && document !== undefined && ownsDefaultRoute(document, target.logicalId)) return [];
  const path = isDefault ? '' : withStars(withoutLastSlash(given), NAMES);
  const methods = method === 'any' || method === ANY_METHOD ? '*' : method.toUpperCase();
  const resource = method === 'any' && path === '/$default' ? path : `/${methods}${path}`;
  return [
    permission(`${logicalId}Permission`, offset, target.passedOn, {
      FunctionName: target.name,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: executeApiArn('${AWS::Partition}', `\${__ApiId__}/\${__Stage__}${resource}`, {
        __ApiId__: get(properties, 'ApiId'),
        __Stage__: '*',
      }),
    }),
  ];
}

/** §8.5.4. */
function addOperation(event: FunctionEvent, apiId: string, api: TreeMap): void {
  const { properties, target, offset, blame, expansion } = event;
  const document = openApiDocument(get(api, 'DefinitionBody'));
  const operation: LambdaOperation = {
    path: stringOf(get(properties, 'Path')) ?? '',
    method: (stringOf(get(properties, 'Method')) ?? '').toLowerCase(),
    uri: sub(invocationUri('${AWS::Partition}', target.arnVariable)),
    condition: target.condition,
    offset,
  };
  const { path, method } = operation;
  if (expansion.managed.has(apiId) && isIntegrated(pathsOf(document), path, method)) {
    throw blame(`API method '${method}' defined multiple times for path '${path}'.`);
  }
  const auth = get(properties, 'Auth');
  const security = isTruthy(auth) ? readAuth(event, operation, auth, expectAuth(apiId, api)) : undefined;
  addLambdaOperation(document, operation);
  if (security !== undefined) addSecurity(document, operation, security.scheme, security.scopes);
  const timeout = get(properties, 'TimeoutInMillis');
  if (isTruthy(timeout)) setIntegrationMember(document, operation, 'timeoutInMillis', timeout);
  addPathParameters(document, operation);
  const version = get(properties, 'PayloadFormatVersion');
  if (isTruthy(version)) setIntegrationMember(document, operation, 'payloadFormatVersion', version);
}

/** An empty map where the API has none. */
function expectAuth(apiId: string, api: TreeMap): TreeMap {
  if (!api.members.has('Auth')) return madeMap(api.offset, {});
  return expectMap(get(api, 'Auth'), 'Auth', blameResource(apiId, api.offset));
}

/** The value of a parameter that it refers to: `sam local` takes that, AWS SAM refuses it (Choice D40). */
function ownAuthorizer(
  { expansion, functionId, eventId }: FunctionEvent,
  given: Tree | undefined,
): Tree | undefined {
  const resolved = expansion.parameters.resolved(given);
  if (resolved === given || stringOf(resolved) === undefined) return given;
  expansion.report({
    severity: 'note',
    text: `${functionId}.${eventId}: on AWS this deploy would fail: Authorizer is a text there, and no function`,
    offset: given!.offset,
    logicalId: functionId,
    type: 'AWS::Serverless::Function',
  });
  return resolved;
}

/** The security of the operation (§8.6). */
function readAuth(
  event: FunctionEvent,
  operation: LambdaOperation,
  auth: Tree,
  apiAuth: TreeMap,
): { scheme: string; scopes: Tree | undefined } {
  const { blame } = event;
  const own = ownAuthorizer(event, get(auth, 'Authorizer'));
  const authorizer = isTruthy(own) ? own : get(apiAuth, 'DefaultAuthorizer');
  if (!isTruthy(authorizer)) {
    throw blame(
      "'Auth' section requires either an explicit 'Authorizer' set or a 'DefaultAuthorizer' configured on the HttpApi.",
      auth,
    );
  }
  const at = `on API method [${operation.method}] for path [${operation.path}]`;
  // Where the API has no Auth at all, AWS SAM says that no authorizers are defined; else that there is no map of them.
  const authorizers = apiAuth.members.size === 0 ? apiAuth : get(apiAuth, 'Authorizers');
  const name = stringOf(authorizer);
  const isIam = name === 'AWS_IAM' && isTrue(get(apiAuth, 'EnableIamAuthorizer'));
  const text = `Unable to set Authorizer [${pythonStr(authorizer)}] ${at}`;
  if (name !== 'NONE' && !isIam) {
    if (name === undefined || !isMap(authorizers)) {
      throw blame(
        `${text}. The method authorizer must be a string with a corresponding dict entry in the api authorizer.`,
        authorizer,
      );
    }
    if (!isTruthy(authorizers)) {
      throw blame(`${text} because the related API does not define any Authorizers.`, authorizer);
    }
    if (!isTruthy(get(authorizers, name))) {
      throw blame(`${text} because it wasn't defined in the API's Authorizers.`, authorizer);
    }
  }
  if (name === 'NONE' && !isTruthy(get(apiAuth, 'DefaultAuthorizer'))) {
    throw blame(
      `Unable to set Authorizer ${at} because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified.`,
      authorizer,
    );
  }
  const scopes = get(auth, 'AuthorizationScopes');
  if (isTruthy(scopes) && scopes.kind !== 'list') {
    throw blame(
      `Unable to set Authorizer ${at} because 'AuthorizationScopes' must be a list of strings.`,
      scopes,
    );
  }
  return { scheme: name!, scopes: scopesOf(name!, scopes, authorizers) };
}

/** Those of the event, else the authorizer's; none for AWS_IAM and NONE. */
function scopesOf(name: string, own: Tree | undefined, authorizers: Tree | undefined): Tree | undefined {
  if (name === 'NONE' || name === 'AWS_IAM') return undefined;
  if (isTruthy(own)) return own;
  const scopes = get(get(authorizers, name), 'AuthorizationScopes');
  return isTruthy(scopes) ? scopes : undefined;
}
