// A draft of a WebSocket API's integration, its responses and the route selection expression → what it takes to try it.
import type { FrozenApi } from '../../config/frozen.ts';
import { type ApiPlace, apiKeyOf } from '../../config/keys.ts';
import { isFunctionUri } from '../../grammar/arn.ts';
import { parseRouteTarget, printRouteTarget } from '../../grammar/route-target.ts';
import type { ApiDocument } from '../../resources/api/api-document.ts';
import type { ReadContext } from '../../resources/context.ts';
import { documentsOf } from '../../resources/deployment/freeze.ts';
import type { FieldError } from '../../resources/integration/draft-errors.ts';
import { draftIntegration } from '../../resources/integration/draft-integration.ts';
import { draftResponses } from '../../resources/integration/draft-responses.ts';
import type { IntegrationDocument } from '../../resources/integration/integration-document.ts';
import { routeSelectionExpression } from '../../resources/selection-expressions.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Document } from '../../store/store.ts';
import type { SocketDraftRun } from '../../websocket-api/explain/draft-run.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { WorkbenchRequest } from './workbench-request.ts';

export interface PreparedSocket {
  readonly errors: readonly FieldError[];
  /** Undefined where the draft cannot be run. */
  readonly run: SocketDraftRun | undefined;
}

export async function prepareSocketDraft(
  asked: WorkbenchRequest,
  place: ApiPlace,
  stage: StageIdentity,
  api: ApiDocument,
  context: ReadContext,
): Promise<PreparedSocket> {
  const { request, backend, routeKey = '$default' } = asked;
  const stored = await documentsOf(context, apiKeyOf(place, place.apiId), api);
  const storedRoute = stored.Routes.find(({ RouteKey }) => RouteKey === routeKey);
  const storedId = integrationIdOf(storedRoute);
  const below = stored.Integrations.find(({ IntegrationId }) => IntegrationId === storedId);
  const before = below as unknown as IntegrationDocument | undefined;
  const { document, errors } = await draftIntegration(context, place.apiId, before, asked.integration);
  const selection = selectionOf(api, asked.routeSelectionExpression);
  if (document === undefined) return { errors: [...errors, ...selection.errors], run: undefined };
  const { IntegrationId: id, IntegrationType, IntegrationUri = '' } = document;
  const responses =
    asked.responses === undefined
      ? {
          documents: (stored.IntegrationResponses ?? []).filter((each) => each.IntegrationId === id),
          errors: [],
        }
      : await draftResponses(context, place.apiId, document, asked.responses);
  const isMessage = 'message' in request;
  const routes = storedRoute === undefined ? [...stored.Routes, newRoute(routeKey)] : stored.Routes;
  const leadsHere = (route: Document) =>
    route.RouteKey === routeKey || (storedId !== undefined && integrationIdOf(route) === storedId);
  const frozen: FrozenApi = {
    ...stored,
    Api: { ...stored.Api, RouteSelectionExpression: selection.expression },
    Routes: routes.map((route) => (leadsHere(route) ? { ...route, Target: printRouteTarget(id) } : route)),
    Integrations: [document as unknown as Document],
    IntegrationResponses: responses.documents,
    RouteResponses: [...(stored.RouteResponses ?? []), { RouteId: NEW_ROUTE, RouteResponseKey: '$default' }],
  };
  const keys = routes.filter(leadsHere).map(({ RouteKey }) => String(RouteKey));
  return {
    errors: [...errors, ...responses.errors, ...selection.errors],
    run: {
      ...{ stage, frozen, backend },
      routeKeys: [routeKey, ...keys],
      isCustom: IntegrationType === 'AWS' && isFunctionUri(IntegrationUri),
      message: isMessage ? request.message : undefined,
      url: isMessage ? '/' : request.url,
      headers: isMessage ? [] : request.headers,
      sourceIp: isMessage ? request.sourceIp : undefined,
      authorization:
        (isMessage ? request.authorization : undefined) ??
        (backend.kind === 'given' ? backend.authorization : undefined),
    },
  };
}

const NEW_ROUTE = 'draft';

/** A route that is not stored; it answers. */
function newRoute(RouteKey: string): Document {
  return { RouteId: NEW_ROUTE, RouteKey, AuthorizationType: 'NONE' };
}

function integrationIdOf(route: Document | undefined): string | undefined {
  return typeof route?.Target === 'string' ? parseRouteTarget(route.Target) : undefined;
}

/** The draft's expression, or the stored one where the rules refuse it. */
function selectionOf(
  { RouteSelectionExpression: stored }: ApiDocument,
  draft: string | undefined,
): { readonly expression: string; readonly errors: readonly FieldError[] } {
  if (draft === undefined) return { expression: stored, errors: [] };
  try {
    return { expression: routeSelectionExpression('WEBSOCKET', draft), errors: [] };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { expression: stored, errors: [{ field: 'RouteSelectionExpression', message: error.message }] };
  }
}
