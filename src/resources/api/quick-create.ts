// Quick create: `target` in CreateApi makes an integration, a route and the stage `$default` besides the API
// (spec/management-api.md §2.1.2). They carry ApiGatewayManaged.
import { printRouteTarget } from '../../grammar/route-target.ts';
import { badRequest } from '../../wire/errors.ts';
import type { AnyInput } from '../../wire/parse.ts';
import type { Context } from '../context.ts';
import { integrations } from '../integration/integration.ts';
import type { IntegrationDocument } from '../integration/integration-document.ts';
import { routes } from '../route/route.ts';
import { stages } from '../stage/stage.ts';
import type { ApiDocument } from './api-document.ts';

type Made = NonNullable<ApiDocument['QuickCreate']>;

const MEMBERS = ['Target', 'RouteKey', 'CredentialsArn'] as const;

/** The members of quick create, which are not stored with the API. */
export const QUICK_CREATE_MEMBERS: readonly string[] = MEMBERS;

interface QuickCreate {
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
  const { Target = '', RouteKey = '$default', CredentialsArn } = given as QuickCreate;
  const managed = { ApiGatewayManaged: true };
  const integration = await integrations.create(
    context,
    { ApiId: apiId, ...kindOfTarget(Target), IntegrationUri: Target, CredentialsArn },
    managed,
  );
  const route = await routes.create(
    context,
    { ApiId: apiId, RouteKey, Target: printRouteTarget(integration.IntegrationId) },
    managed,
  );
  await stages.create(context, { ApiId: apiId, StageName: '$default', AutoDeploy: true }, managed);
  return { IntegrationId: integration.IntegrationId, RouteId: route.RouteId };
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
