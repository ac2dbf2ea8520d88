// `AWS::Serverless::WebSocketApi` (spec/definitions.md §8.8).
import { apiStage } from '../api-stage.ts';
import { domainResources } from '../domain.ts';
import {
  entries,
  get,
  isMap,
  isTruthy,
  madeMap,
  type Plain,
  picked,
  stringOf,
  type Tree,
  truthyMember,
} from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { type Blame, blameResource, expectMap } from '../invalid.ts';
import { checkLogicalId, joined, type Resource, type SamResource } from '../resource.ts';
import { authorizerOf, checkAuth } from './websocket-auth.ts';
import { type RouteResources, routeResources } from './websocket-routes.ts';

const CREATED_BY = { 'websocketapi:createdBy': 'SAM' };

/** Properties of the Api that are taken as they are. */
const AS_THEY_ARE = [
  'ApiKeySelectionExpression',
  'Description',
  'DisableExecuteApiEndpoint',
  'DisableSchemaValidation',
  'IpAddressType',
  'RouteSelectionExpression',
];

export function expandWebSocketApi(api: SamResource, { parameters }: Expansion): Resource[] {
  const { logicalId, properties, offset, passedOn } = api;
  const blame = blameResource(logicalId, offset);
  const givenRoutes = parameters.resolved(get(properties, 'Routes'));
  const routes = expectMap(givenRoutes, 'Routes', blame);
  if (routes.members.size === 0) throw blame('WebSocket API must have at least one route.', routes);
  const domain = parameters.resolved(get(properties, 'Domain'));
  checkProperties(get(properties, 'IpAddressType'), domain, blame);
  const auth = parameters.resolved(truthyMember(properties, 'Auth'));
  if (auth !== undefined && !routes.members.has('$connect')) {
    throw blame('Authorization is only available if there is a $connect route.', auth);
  }
  const givenTags = truthyMember(properties, 'Tags');
  const tags = joined(offset, givenTags, madeMap(offset, CREATED_BY));
  const isPropagated = givenTags !== undefined && isTruthy(get(properties, 'PropagateTags'));
  const tagsOfOthers = isPropagated ? tags : CREATED_BY;
  const others = domainResources(domain, {
    logicalId,
    passedOn,
    tags: tagsOfOthers,
    blame,
    // Not shared with other APIs of the zone, whose group takes the place of this one (§8.7.2).
    recordSetGroups: new Map(),
  });
  const stageResource = stage(api, tagsOfOthers, blame);
  checkLogicalId(stageResource.logicalId, stageResource.offset);
  const authorization = auth === undefined ? undefined : checkAuth(expectMap(auth, 'Auth', blame), blame);
  const made = entries(routes).map(([key, route]) =>
    routeResources(api, key, expectMap(route, `Routes.${key}`, blame), authorization, blame),
  );
  checkIds(made, blame);
  return [
    {
      logicalId,
      type: 'AWS::ApiGatewayV2::Api',
      attributes: api.attributes,
      dependsOn: api.dependsOn,
      offset,
      properties: {
        ...picked(properties, AS_THEY_ARE),
        Name: get(properties, 'Name') ?? logicalId,
        ProtocolType: 'WEBSOCKET',
        Tags: tags,
      },
    },
    ...made.flatMap(({ route, integration, permission }) => [route, integration, permission]),
    ...others,
    {
      ...stageResource,
      dependsOn: isTruthy(get(properties, 'RouteSettings'))
        ? made.map(({ route }) => route.logicalId)
        : undefined,
    },
    ...(authorization === undefined ? [] : authorizerOf(api, authorization)),
  ];
}

function checkProperties(ipAddressType: Tree | undefined, domain: Tree | undefined, blame: Blame): void {
  const known = ['ipv4', 'dualstack'];
  if (
    ipAddressType !== undefined &&
    !isIntrinsic(ipAddressType) &&
    !known.includes(stringOf(ipAddressType) ?? '')
  ) {
    throw blame("IpAddressType must be 'ipv4' or 'dualstack'.", ipAddressType);
  }
  if (isMap(domain) && isTruthy(get(domain, 'MutualTlsAuthentication'))) {
    throw blame('Mutual TLS domain name association is not supported for Websocket APIs.', domain);
  }
}

/** The second would take the place of the first (§8.8.3). */
function checkIds(routes: readonly RouteResources[], blame: Blame): void {
  const keys = new Map<string, string>();
  for (const { key, route } of routes) {
    const other = keys.get(route.logicalId);
    if (other !== undefined) {
      throw blame(`Routes ${other} and ${key} get the same logical id ${route.logicalId}`);
    }
    keys.set(route.logicalId, key);
  }
}

function stage(api: SamResource, tags: Plain, blame: Blame): Resource {
  const given = get(api.properties, 'StageName');
  const name = given === undefined ? 'default' : (stringOf(given) ?? '');
  if (name === '$default') throw blame('Stages cannot be named $default for WebSocket APIs.', given);
  const id = `${api.logicalId}${name === 'default' ? 'Default' : name}Stage`;
  return apiStage(api, id, given ?? name, tags);
}
