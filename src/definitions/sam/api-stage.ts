// The stage of an HTTP or WebSocket API, which is always there (spec/definitions.md §8.4.1, §8.8).
import { get, type Plain, picked } from './editing.ts';
import { ref } from './intrinsics.ts';
import type { Resource, SamResource } from './resource.ts';

const AS_THEY_ARE = ['StageVariables', 'AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings'];

export function apiStage(
  { logicalId: apiId, properties, passedOn, offset }: SamResource,
  logicalId: string,
  name: Plain,
  tags: Plain,
): Resource {
  return {
    logicalId,
    type: 'AWS::ApiGatewayV2::Stage',
    attributes: passedOn,
    offset: get(properties, 'StageName')?.offset ?? offset,
    properties: {
      ApiId: ref(apiId),
      StageName: name,
      ...picked(properties, AS_THEY_ARE),
      Tags: tags,
      AutoDeploy: true,
    },
  };
}
