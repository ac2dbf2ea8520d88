// Routes of a WebSocket API: of each key a route, an integration and a permission (spec/definitions.md §8.8).
import { get, isTruthy, picked, stringOf, type TreeMap } from '../editing.ts';
import { isAlphanumeric } from '../ids.ts';
import { ref, sub } from '../intrinsics.ts';
import type { Blame } from '../invalid.ts';
import { permission } from '../permissions.ts';
import type { Resource, SamResource } from '../resource.ts';
import { authorizerId, socketInvocationUri, type WebSocketAuth } from './websocket-auth.ts';

export interface RouteResources {
  readonly key: string;
  readonly route: Resource;
  readonly integration: Resource;
  readonly permission: Resource;
}

const SPECIAL = ['$connect', '$disconnect', '$default'];
const AS_THEY_ARE = [
  'ApiKeyRequired',
  'ModelSelectionExpression',
  'OperationName',
  'RequestModels',
  'RouteResponseSelectionExpression',
];

export function routeResources(
  api: SamResource,
  key: string,
  given: TreeMap,
  auth: WebSocketAuth | undefined,
  blame: Blame,
): RouteResources {
  const { logicalId, passedOn } = api;
  const id = `${logicalId}${inId(key, given, blame)}`;
  const parameters = get(given, 'RequestParameters');
  if (isTruthy(parameters) && key !== '$connect') {
    throw blame(
      'Request parameters are only supported for the $connect route in WebSocket APIs.',
      parameters,
    );
  }
  if (!given.members.has('FunctionArn')) throw blame('Route must have associated function.', given);
  const functionArn = get(given, 'FunctionArn');
  const shared = { attributes: passedOn, offset: given.offset };
  return {
    key,
    route: {
      ...shared,
      logicalId: `${id}Route`,
      type: 'AWS::ApiGatewayV2::Route',
      properties: {
        ApiId: ref(logicalId),
        RouteKey: key,
        ...picked(given, AS_THEY_ARE),
        RequestParameters: isTruthy(parameters) ? parameters : undefined,
        ...(key === '$connect' && auth !== undefined && authorization(logicalId, auth)),
        Target: { 'Fn::Join': ['/', ['integrations', ref(`${id}Integration`)]] },
      },
    },
    integration: {
      ...shared,
      logicalId: `${id}Integration`,
      type: 'AWS::ApiGatewayV2::Integration',
      properties: {
        ApiId: ref(logicalId),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: socketInvocationUri('FunctionArn', functionArn),
        TimeoutInMillis: get(given, 'IntegrationTimeout'),
      },
    },
    permission: permission(`${id}Permission`, given.offset, passedOn, {
      FunctionName: functionArn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: source(api, key),
    }),
  };
}

function authorization(
  logicalId: string,
  { type }: WebSocketAuth,
): { AuthorizationType: string; AuthorizerId?: ReturnType<typeof ref> } {
  return type === 'CUSTOM'
    ? { AuthorizationType: type, AuthorizerId: ref(authorizerId(logicalId)) }
    : { AuthorizationType: type };
}

/** `sendMessage` → `Sendmessage`: all but the first letter are small. */
function inId(key: string, at: TreeMap, blame: Blame): string {
  if (!SPECIAL.includes(key) && !isAlphanumeric(key)) {
    throw blame(
      `Route key '${key}' must be alphanumeric. Only $connect, $disconnect, and $default special routes are supported.`,
      at,
    );
  }
  const name = key.replace('$', '');
  return name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase();
}

function source({ logicalId, properties }: SamResource, key: string): ReturnType<typeof sub> {
  const api = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${logicalId}.ApiId}`;
  const stage = get(properties, 'StageName');
  const name = stage === undefined ? 'default' : stringOf(stage);
  return name === undefined
    ? sub(`${api}/\${__StageName__}/${key}`, { __StageName__: stage })
    : sub(`${api}/${name}/${key}`);
}
