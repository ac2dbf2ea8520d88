// POST /_postern/workbench: what a draft of an integration makes of a request, and what is wrong with the draft
// (docs/reference/console-api.md). Nothing is stored, and what is live does not know of it.
import {
  type ApiPlace,
  apiKeyOf,
  authorizersOf,
  integrationsOf,
  routesOf,
  stagesOf,
} from '../../config/keys.ts';
import { GrammarError } from '../../grammar/grammar-error.ts';
import { parseHttpRouteKey } from '../../grammar/route-key.ts';
import { parseRouteTarget, printRouteTarget } from '../../grammar/route-target.ts';
import type { DraftRun } from '../../http-api/explain/draft-run.ts';
import type { Trace } from '../../http-api/explain/trace.ts';
import type { ApiDocument } from '../../resources/api/api-document.ts';
import type { Context } from '../../resources/context.ts';
import type { FieldError } from '../../resources/integration/draft-errors.ts';
import type { IntegrationDocument } from '../../resources/integration/integration-document.ts';
import { requirePath } from '../../resources/resource-path.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Document, ReadTransaction, Store } from '../../store/store.ts';
import type { SocketDraftRun } from '../../websocket-api/explain/draft-run.ts';
import type { SocketTrace } from '../../websocket-api/explain/trace.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Caller } from '../caller.ts';
import { requirePosternPermission } from '../permissions.ts';
import { jsonTextOf, tooLarge } from '../request-body.ts';
import { apiPlaceOf } from './api-place.ts';
import { parseObject } from './explained-parts.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';
import { parseWorkbenchRequest, type WorkbenchRequest } from './workbench-request.ts';

export interface WorkbenchPlane {
  runDraft(run: DraftRun): Promise<Trace>;
  runSocketDraft(run: SocketDraftRun): Promise<SocketTrace>;
}

export interface WorkbenchAnswer<T = Trace> {
  /** What the rules of UpdateIntegration refuse of the draft. */
  readonly errors: readonly FieldError[];
  /** Of the draft without what is refused; absent where that is not enough to run. */
  readonly trace?: T;
}

export interface WorkbenchMeans {
  readonly store: Store;
  readonly contextOf: (caller: Caller) => Omit<Context, 'tx'>;
  readonly plane: WorkbenchPlane;
}

const MAX_BYTES = 1024 * 1024;

export function workbenchRoute(means: WorkbenchMeans): PosternRoute {
  return async ({ body, caller, exchange }) => {
    if (body.length > MAX_BYTES) throw tooLarge(MAX_BYTES);
    const asked = parseWorkbenchRequest(parseObject(jsonTextOf(body)));
    if (asked.backend.kind === 'call') {
      requirePosternPermission(caller, exchange, 'POST', '/_postern/explain');
    } else requirePosternPermission(caller, exchange, 'GET', '/_postern/workbench');
    const { errors, run } = await means.store.read(async (tx) => {
      const place = await apiPlaceOf(tx, asked.apiId, caller);
      // A draft that is really called reaches what an integration that is stored would.
      if (asked.backend.kind === 'call' && isChanged(asked)) {
        const { region, apiId } = place;
        requirePosternPermission({ ...caller, region }, exchange, 'POST', `/apis/${apiId}/integrations`);
      }
      return prepare(asked, place, caller, tx, means);
    });
    const trace = run === undefined ? undefined : await runOn(means.plane, run);
    const answer: WorkbenchAnswer<Trace | SocketTrace> = {
      errors,
      ...(trace === undefined ? {} : { trace }),
    };
    return jsonReply(200, answer);
  };
}

/** Whether anything is other than what is stored. */
function isChanged(asked: WorkbenchRequest): boolean {
  const { integration, responses, routeSelectionExpression, variables } = asked;
  const others = [responses, routeSelectionExpression, variables];
  return Object.keys(integration).length > 0 || others.some((each) => each !== undefined);
}

function runOn(plane: WorkbenchPlane, run: DraftRun | SocketDraftRun): Promise<Trace | SocketTrace> {
  return 'frozen' in run ? plane.runSocketDraft(run) : plane.runDraft(run);
}

interface Prepared {
  readonly errors: readonly FieldError[];
  /** Undefined where the draft cannot be run. */
  readonly run: DraftRun | SocketDraftRun | undefined;
}

async function prepare(
  asked: WorkbenchRequest,
  place: ApiPlace,
  caller: Caller,
  tx: ReadTransaction,
  { contextOf }: WorkbenchMeans,
): Promise<Prepared> {
  const [api] = await requirePath('GetApi', { ApiId: place.apiId }, { tx, ...place });
  const stage = await stageOf(tx, place, asked);
  const context = { ...contextOf({ ...caller, ...place }), tx };
  if (api!.ProtocolType !== 'HTTP') {
    const { prepareSocketDraft } = await import('./workbench-socket.ts');
    return prepareSocketDraft(asked, place, stage, api as unknown as ApiDocument, context);
  }
  const { request, backend } = asked;
  if ('message' in request)
    throw badRequest(`The API ${place.apiId} is no WebSocket API: it has no messages`);
  const parts = await routeParts(tx, place, asked.routeKey);
  if ('errors' in parts) return { errors: parts.errors, run: undefined };
  const { draftIntegration } = await import('../../resources/integration/draft-integration.ts');
  const { document, errors } = await draftIntegration(
    context,
    place.apiId,
    parts.integration,
    asked.integration,
  );
  if (document === undefined) return { errors, run: undefined };
  const route = { ...parts.route, Target: printRouteTarget(document.IntegrationId) };
  const integration = document as unknown as Document;
  return {
    errors,
    run: { stage, api: api!, route, integration, authorizer: parts.authorizer, request, backend },
  };
}

/** The stage that is named, else `$default`, else the oldest; one without variables where there is none. */
async function stageOf(
  tx: ReadTransaction,
  place: ApiPlace,
  { stage: named, variables }: WorkbenchRequest,
): Promise<StageIdentity> {
  const { account, region, apiId } = place;
  if (named !== undefined)
    await requirePath('GetStage', { ApiId: apiId, StageName: named }, { tx, account, region });
  const { entries } = await tx.list(stagesOf(apiKeyOf(place, apiId)));
  const documents = entries.map(({ document }) => document);
  const wanted = documents.find(({ StageName }) => StageName === (named ?? '$default')) ?? documents[0] ?? {};
  const { StageName = '$default', DeploymentId = '', StageVariables = {} } = wanted;
  return {
    accountId: account,
    region,
    apiId,
    name: String(StageName),
    deploymentId: String(DeploymentId),
    variables: new Map(Object.entries(variables ?? (StageVariables as Record<string, string>))),
  };
}

interface RouteParts {
  readonly route: Document;
  readonly integration: IntegrationDocument | undefined;
  readonly authorizer: Document | undefined;
}

/** The route of a key with what it leads to; one that takes every request where no key is given, and for a key that no route has a
 *  route without integration. */
async function routeParts(
  tx: ReadTransaction,
  place: ApiPlace,
  routeKey: string | undefined,
): Promise<RouteParts | { readonly errors: readonly FieldError[] }> {
  const apiKey = apiKeyOf(place, place.apiId);
  const { entries } = routeKey === undefined ? { entries: [] } : await tx.list(routesOf(apiKey));
  const stored = entries.find(({ document }) => document.RouteKey === routeKey)?.document;
  if (stored === undefined) {
    const key = routeKey ?? '$default';
    try {
      parseHttpRouteKey(key);
    } catch (error) {
      if (!(error instanceof GrammarError)) throw error;
      return { errors: [{ field: 'RouteKey', message: error.message }] };
    }
    const route = { RouteId: 'draft', RouteKey: key, AuthorizationType: 'NONE' };
    return { route, integration: undefined, authorizer: undefined };
  }
  const integrationId = parseRouteTarget(String(stored.Target));
  const at = (collection: readonly string[], id: unknown) =>
    id === undefined ? undefined : tx.get([...collection, String(id)]);
  return {
    route: stored,
    integration: (await at(integrationsOf(apiKey), integrationId)) as IntegrationDocument | undefined,
    authorizer: await at(authorizersOf(apiKey), stored.AuthorizerId),
  };
}
