// The rules of every operation that this version runs. Total by type: an operation is here or in the table of those that
// are not there yet.

import type { Definition } from '../openapi/definition.ts';
import type { OperationName } from '../wire/operation.ts';
import { apis, createApi, deleteCorsConfiguration, updateApi } from './api/api.ts';
import { authorizers, resetAuthorizersCache } from './authorizer/authorizer.ts';
import type { Handler } from './context.ts';
import { deployments } from './deployment/deployment.ts';
import { apiMappings } from './domain/api-mapping.ts';
import { domainNames } from './domain/domain-name.ts';
import { routingRules } from './domain/routing-rule.ts';
import { integrations } from './integration/integration.ts';
import { integrationResponses } from './integration/integration-response.ts';
import { getModelTemplate, models } from './model/model.ts';
import type { NotYet } from './not-yet.ts';
import { exportApi, importApi, reimportApi } from './openapi/loaded-later.ts';
import { deleteRouteRequestParameter, routes } from './route/route.ts';
import { routeResponses } from './route/route-response.ts';
import { deleteAccessLogSettings, deleteRouteSettings, stages } from './stage/stage.ts';
import { getTags, tagResource, untagResource } from './tags/tags.ts';
import { vpcLinks } from './vpc-link/vpc-link.ts';

export type Handlers = { readonly [N in Exclude<OperationName, NotYet>]: Handler<N, Prepared<N>> };

/** What an operation has ready when its transaction begins. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is what handlers return
type Prepared<N> = N extends 'ImportApi' | 'ReimportApi' ? Definition : void;

export const handlers: Handlers = {
  ...apis.operations,
  CreateApi: createApi,
  UpdateApi: updateApi,
  DeleteCorsConfiguration: deleteCorsConfiguration,
  ExportApi: exportApi,
  ImportApi: importApi,
  ReimportApi: reimportApi,
  ...authorizers.operations,
  ResetAuthorizersCache: resetAuthorizersCache,
  ...integrations.operations,
  ...integrationResponses.operations,
  ...models.operations,
  GetModelTemplate: getModelTemplate,
  ...routes.operations,
  ...routeResponses.operations,
  DeleteRouteRequestParameter: deleteRouteRequestParameter,
  ...stages.operations,
  DeleteAccessLogSettings: deleteAccessLogSettings,
  DeleteRouteSettings: deleteRouteSettings,
  ...deployments.operations,
  GetTags: getTags,
  TagResource: tagResource,
  UntagResource: untagResource,
  ...vpcLinks.operations,
  ...domainNames.operations,
  ...apiMappings.operations,
  ...routingRules.operations,
};
