// APIs (spec/management-api.md §2.1).
import { API_INDEX, apiKeyOf } from '../../config/keys.ts';
import { invariant } from '../../defect.ts';
import { badRequest } from '../../wire/errors.ts';
import type { AnyInput } from '../../wire/parse.ts';
import { type Context, type Handler, timestamp } from '../context.ts';
import { autoDeploy } from '../deployment/auto-deploy.ts';
import { refuseMappedApi } from '../domain/mapped.ts';
import { checkLength } from '../limits.ts';
import { clearable } from '../patch.ts';
import { type Extra, resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import { checkApiKeySelection, routeSelectionExpression } from '../selection-expressions.ts';
import { addedTags, checkTags } from '../tags/tag-rules.ts';
import type { ApiDocument } from './api-document.ts';
import { checkCors, patchCors, withLowerCaseHeaders } from './cors.ts';
import { checkQuickCreate, QUICK_CREATE_MEMBERS, quickCreate, quickUpdate } from './quick-create.ts';

type ApiScope = Scope<ApiDocument, readonly []>;

const API_KEY_SELECTION = '$request.header.x-api-key';

export const apis = resource<'Api', ApiDocument, readonly []>('Api', {
  // An id is a host name of the data plane, so it is unique across accounts and regions (§1.6).
  idLength: 10,
  idKey: (id) => [...API_INDEX, id],
  notStored: QUICK_CREATE_MEMBERS,
  patch: { CorsConfiguration: patchCors, Description: clearable, Tags: addedTags, Version: clearable },
  settle,
  async upkeep(document, { context: { tx, account, region }, id, previous }) {
    const key = [...API_INDEX, id];
    if (document === undefined) await tx.delete(key);
    else if (previous === undefined) await tx.put(key, { Account: account, Region: region });
  },
  deploys: ['update'],
  refuseDelete: (_document, { context, id }) => refuseMappedApi(context, id),
  print: (document, _path, context) => ({
    ...document,
    // Lists that were stored as they were sent read in lower case as well.
    ...(document.CorsConfiguration && {
      CorsConfiguration: withLowerCaseHeaders(document.CorsConfiguration),
    }),
    ApiEndpoint: context.endpoint(document.ApiId, document.ProtocolType),
  }),
});

/** An API with what quick create makes, which is not deployed yet. */
export async function createWithTarget(
  context: Context,
  given: AnyInput,
  extra?: Extra<ApiDocument>,
): Promise<ApiDocument> {
  const api = await apis.create(context, given, extra);
  if (given.Target === undefined) return api;
  const { ApiId } = api;
  return apis.update(context, { ApiId }, { QuickCreate: await quickCreate(context, ApiId, given) });
}

/** CreateApi, with what quick create makes. Unlike the others it does not speak of tags when there are none (§1.4). */
export const createApi: Handler<'CreateApi'> = async (input, context) => {
  const { ApiId } = await createWithTarget(context, input);
  if (input.Target !== undefined) await autoDeploy(context, apiKeyOf(context, ApiId));
  const { Tags, ...output } = await apis.operations.GetApi({ ApiId }, context);
  return Tags === undefined || Object.keys(Tags).length === 0 ? output : { ...output, Tags };
};

/** UpdateApi, with what it changes of quick create's resources. */
export const updateApi: Handler<'UpdateApi'> = async (input, context) => {
  if (QUICK_CREATE_MEMBERS.every((member) => !Object.hasOwn(input, member))) {
    return apis.operations.UpdateApi(input, context);
  }
  const { ApiId, QuickCreate } = await apis.update(context, input);
  invariant(QuickCreate !== undefined, 'only APIs of quick create take its members in an update');
  await quickUpdate(context, ApiId, QuickCreate, input);
  await autoDeploy(context, apiKeyOf(context, ApiId));
  return apis.operations.GetApi({ ApiId }, context);
};

/** DeleteCorsConfiguration: no error when there is none. */
export const deleteCorsConfiguration: Handler<'DeleteCorsConfiguration'> = async (input, context) => {
  await apis.update(context, input, { CorsConfiguration: undefined });
  await autoDeploy(context, apiKeyOf(context, input.ApiId));
};

async function settle(draft: Draft<ApiDocument>, scope: ApiScope): Promise<ApiDocument> {
  const { context, id } = scope;
  const previous = scope.previous ?? scope.rewritten;
  const { Name = '', ProtocolType = 'HTTP' } = draft;
  checkMembers(Name, draft, scope);
  const RouteSelectionExpression = routeSelectionExpression(ProtocolType, draft.RouteSelectionExpression);
  const ApiKeySelectionExpression = draft.ApiKeySelectionExpression ?? API_KEY_SELECTION;
  checkApiKeySelection(ApiKeySelectionExpression);
  if (draft.CorsConfiguration !== undefined) {
    if (ProtocolType === 'WEBSOCKET') throw badRequest('Cors is not supported for WEBSOCKET protocolType');
    checkCors(draft.CorsConfiguration);
  }
  checkQuickCreate(ProtocolType, scope.given, previous);
  return {
    ...draft,
    ApiId: id,
    Name,
    ProtocolType,
    RouteSelectionExpression,
    ApiKeySelectionExpression,
    DisableExecuteApiEndpoint: draft.DisableExecuteApiEndpoint ?? false,
    IpAddressType: draft.IpAddressType ?? 'ipv4',
    Tags: draft.Tags ?? {},
    CreatedDate: previous?.CreatedDate ?? timestamp(context),
  };
}

function checkMembers(name: string, draft: Draft<ApiDocument>, { given }: ApiScope): void {
  if (name === '') throw badRequest('Invalid API name specified');
  checkLength('name', name, 1, 128);
  checkLength('description', draft.Description, 0, 1024);
  checkLength('version', draft.Version, 1, 64);
  checkTags(draft.Tags, given.Tags);
  if (draft.ProtocolType === 'HTTP' && draft.DisableSchemaValidation === true) {
    throw badRequest('DisableSchemaValidation is not supported for protocolType HTTP');
  }
}
