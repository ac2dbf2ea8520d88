// Quick create: `target` in CreateApi makes an integration, a route and the stage `$default` besides the API
// (spec/management-api.md §2.1.2). They carry ApiGatewayManaged.
import { apiKeyOf, stagesOf } from '../../config/keys.ts';
import { printRouteTarget } from '../../grammar/route-target.ts';
import { badRequest } from '../../wire/errors.ts';
import type { AnyInput } from '../../wire/parse.ts';
import type { Context } from '../context.ts';
import { integrations } from '../integration/integration.ts';
import type { IntegrationDocument } from '../integration/integration-document.ts';
import type { Rewritten } from '../resource.ts';
import { routes } from '../route/route.ts';
import { stages } from '../stage/stage.ts';
import type { Tags } from '../tags/tag-rules.ts';
import type { ApiDocument, ManagedOverrides } from './api-document.ts';

type Made = NonNullable<ApiDocument['QuickCreate']>;

const MEMBERS = ['Target', 'RouteKey', 'CredentialsArn'] as const;

/** The members of quick create, which are not stored with the API. */
export const QUICK_CREATE_MEMBERS: readonly string[] = MEMBERS;

export interface QuickCreate {
  readonly Target?: string;
  readonly RouteKey?: string;
  readonly CredentialsArn?: string;
}

/** Throws when a request may not quick-create. `previous` is the stored API in an update. */
export function checkQuickCreate(
  protocolType: string,
  given: AnyInput,
  previous: ApiDocument | undefined,
): void {
  const first = MEMBERS.find((member) => given[member] !== undefined);
  if (first === undefined) return;
  if (protocolType === 'WEBSOCKET') throw badRequest(`${first} is not supported for protocolType WEBSOCKET`);
  if (previous === undefined && given.Target === undefined) {
    throw badRequest(`${first} can only be specified together with Target`);
  }
  if (previous !== undefined && previous.QuickCreate === undefined) {
    throw badRequest(`${first} can only be updated for an API that was created with Target`);
  }
}

/** Makes the three resources. Deploying is left to the caller. */
export async function quickCreate(context: Context, apiId: string, given: AnyInput): Promise<Made> {
  const { IntegrationId } = await integrations.create(context, integrationFor(apiId, given), MANAGED);
  const { RouteId } = await routes.create(context, routeFor(apiId, IntegrationId, given), MANAGED);
  await stages.create(context, stageFor(apiId), MANAGED);
  return { IntegrationId, RouteId };
}

const MANAGED = { ApiGatewayManaged: true };

function integrationFor(ApiId: string, { Target = '', CredentialsArn }: QuickCreate): AnyInput {
  return { ApiId, ...kindOfTarget(Target), IntegrationUri: Target, CredentialsArn };
}

function routeFor(ApiId: string, integrationId: string, { RouteKey = '$default' }: QuickCreate): AnyInput {
  return { ApiId, RouteKey, Target: printRouteTarget(integrationId) };
}

function stageFor(ApiId: string): AnyInput {
  return { ApiId, StageName: '$default', AutoDeploy: true };
}

/** What quick create was given, as far as what it made still shows it. */
export async function quickCreateOf(context: Context, apiId: string, made: Made): Promise<QuickCreate> {
  const { IntegrationId, RouteId } = made;
  const integration = await integrations.operations.GetIntegration({ ApiId: apiId, IntegrationId }, context);
  const route = await routes.operations.GetRoute({ ApiId: apiId, RouteId }, context);
  const { IntegrationUri, CredentialsArn } = integration;
  return {
    ...(IntegrationUri === undefined ? {} : { Target: IntegrationUri }),
    ...(CredentialsArn === undefined ? {} : { CredentialsArn }),
    ...(route.RouteKey === undefined ? {} : { RouteKey: route.RouteKey }),
  };
}

/** Makes the three resources what quick create would make them, with the overrides of a stack (spec/definitions.md §5.3). Returns what
 *  they were and are. */
export async function rewriteQuickCreate(
  context: Context,
  apiId: string,
  made: Made,
  given: QuickCreate,
): Promise<{ readonly [kind in keyof ManagedOverrides]-?: Rewritten<object> | undefined }> {
  const { IntegrationId, RouteId, Overrides = {} } = made;
  const stage = { ...stageFor(apiId), ...Overrides.Stage };
  const stored = await context.tx.get([...stagesOf(apiKeyOf(context, apiId)), '$default']);
  const Tags = stored?.Tags as Tags | undefined;
  const integration = { ...integrationFor(apiId, given), IntegrationId, ...Overrides.Integration };
  const route = { ...routeFor(apiId, IntegrationId, given), RouteId, ...Overrides.Route };
  return {
    Integration: await integrations.rewrite(context, integration, MANAGED),
    Route: await routes.rewrite(context, route, MANAGED),
    Stage: await stages.rewrite(context, stage, { ...MANAGED, Tags }),
  };
}

/** Changes what quick create made: the target replaces the integration's URI and, if need be, its kind; the route key
 *  renames the route. */
export async function quickUpdate(
  context: Context,
  apiId: string,
  made: Made,
  given: AnyInput,
): Promise<void> {
  const { Target, RouteKey, CredentialsArn } = given as QuickCreate;
  if (Target !== undefined || CredentialsArn !== undefined) {
    const path = { ApiId: apiId, IntegrationId: made.IntegrationId };
    const stored = await integrations.operations.GetIntegration(path, context);
    const kind = kindOfTarget(Target ?? stored.IntegrationUri ?? '');
    await integrations.update(context, {
      ...path,
      ...(kind.IntegrationType === stored.IntegrationType ? {} : kind),
      IntegrationUri: Target,
      CredentialsArn,
    });
  }
  if (RouteKey !== undefined) await routes.update(context, { ApiId: apiId, RouteId: made.RouteId, RouteKey });
}

type TargetKind = Pick<IntegrationDocument, 'IntegrationType' | 'IntegrationMethod' | 'PayloadFormatVersion'>;

function kindOfTarget(target: string): TargetKind {
  return target.startsWith('arn:')
    ? { IntegrationType: 'AWS_PROXY', IntegrationMethod: 'POST', PayloadFormatVersion: '2.0' }
    : { IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'ANY', PayloadFormatVersion: '1.0' };
}
