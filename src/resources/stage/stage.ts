// Stages (spec/management-api.md §2.8).
import { isDeepStrictEqual } from 'node:util';
import { apiKeyAbove, deploymentsOf } from '../../config/keys.ts';
import { badRequest, conflict, notFound } from '../../wire/errors.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { type Context, type Handler, timestamp } from '../context.ts';
import { autoDeployStage } from '../deployment/auto-deploy.ts';
import { refuseMappedStage } from '../domain/mapped.ts';
import { checkLength } from '../limits.ts';
import { clearable, keptWhenEmpty, mergedStructure, mergedTexts } from '../patch.ts';
import { resource } from '../resource.ts';
import { requirePath } from '../resource-path.ts';
import type { Draft, Scope } from '../rules.ts';
import { addedTags, checkTags } from '../tags/tag-rules.ts';
import { settledAccessLogSettings } from './access-log-settings.ts';
import {
  checkRouteSettingsKeys,
  initialRouteSettings,
  mergedRouteSettings,
  settledRouteSettings,
} from './route-settings.ts';
import type { StageDocument } from './stage-document.ts';
import { checkStageVariables } from './stage-variables.ts';

type StageScope = Scope<StageDocument, readonly [ApiDocument]>;

/** The text does not mention the hyphen, which AWS accepts (§8.15). */
const NAME = /^(?:\$default|[A-Za-z0-9_-]{1,128})$/;

const MANAGED = 'A stage that quick create made cannot be changed or deleted; change its API instead';

const FOLLOWS = 'Deployment ID cannot be set on this stage because AutoDeploy is enabled';
const FAILED_DEPLOYMENT = 'A deployment whose status is FAILED cannot be served by a stage';

export const stages = resource<'Stage', StageDocument, readonly [ApiDocument]>('Stage', {
  patch: {
    AccessLogSettings: mergedStructure,
    ClientCertificateId: clearable,
    DefaultRouteSettings: (stored, given) => ({ ...stored, ...given }),
    DeploymentId: keptWhenEmpty,
    Description: keptWhenEmpty,
    RouteSettings: mergedRouteSettings,
    StageVariables: mergedTexts,
    Tags: addedTags,
  },
  settle,
  async deploysItself(document, { context, key, previous }) {
    const begins = document.AutoDeploy === true && previous?.AutoDeploy !== true;
    // A stage that is created with a deployment serves that one until the next change.
    const follows = begins && (previous !== undefined || document.DeploymentId === undefined);
    return follows ? autoDeployStage(context, apiKeyAbove(key), document) : document;
  },
  refuseUpdate(previous) {
    if (previous.ApiGatewayManaged === true) throw badRequest(MANAGED);
  },
  async refuseDelete(document, { context, id, path: [api] }) {
    if (document.ApiGatewayManaged === true) throw badRequest(MANAGED);
    await refuseMappedStage(context, api.ApiId, id);
  },
});

/** DeleteAccessLogSettings: no error when there are none. */
export const deleteAccessLogSettings: Handler<'DeleteAccessLogSettings'> = async (input, context) => {
  const { AccessLogSettings } = await changeableStage('DeleteAccessLogSettings', input, context);
  if (AccessLogSettings !== undefined) await stages.update(context, input, { AccessLogSettings: undefined });
};

/** DeleteRouteSettings: the settings of one route, which need not exist any more. */
export const deleteRouteSettings: Handler<'DeleteRouteSettings'> = async (input, context) => {
  const stage = await changeableStage('DeleteRouteSettings', input, context);
  const left = new Map(Object.entries(stage.RouteSettings));
  if (!left.delete(input.RouteKey)) {
    throw notFound(`Unable to find Route by key ${input.RouteKey} within the provided RouteSettings`);
  }
  const { ApiId, StageName } = input;
  await stages.update(context, { ApiId, StageName }, { RouteSettings: Object.fromEntries(left) });
};

async function changeableStage(
  name: 'DeleteAccessLogSettings' | 'DeleteRouteSettings',
  input: { readonly ApiId: string; readonly StageName: string },
  context: Context,
): Promise<StageDocument> {
  const found = await requirePath(name, input, context);
  const stage = found.at(-1) as unknown as StageDocument;
  if (stage.ApiGatewayManaged === true) throw badRequest(MANAGED);
  return stage;
}

async function settle(draft: Draft<StageDocument>, scope: StageScope): Promise<StageDocument> {
  const { context, previous, rewritten, id, key } = scope;
  const [{ ProtocolType }] = scope.path;
  if (!NAME.test(id)) throw badRequest('Stage name only allows a-zA-Z0-9_');
  checkLength('description', draft.Description, 0, 1024);
  checkTags(draft.Tags, scope.given.Tags);
  const StageVariables = draft.StageVariables ?? {};
  checkStageVariables(StageVariables);
  if (draft.ClientCertificateId !== undefined && ProtocolType === 'HTTP') {
    throw badRequest('ClientCertificateId is not supported for protocolType HTTP');
  }
  const { AccessLogSettings, DeploymentId, ...members } = draft;
  const logs = AccessLogSettings && settledAccessLogSettings(ProtocolType, AccessLogSettings, context);
  const RouteSettings = await settledSettings(draft, scope);
  await checkDeployment(draft, scope);
  if (previous === undefined && rewritten === undefined && (await context.tx.get(key)) !== undefined) {
    throw conflict('Stage already exists');
  }
  const stage = {
    ...members,
    ...(DeploymentId === undefined ? {} : { DeploymentId }),
    ...(logs === undefined ? {} : { AccessLogSettings: logs }),
    ...RouteSettings,
    StageName: id,
    StageVariables,
    Tags: draft.Tags ?? {},
    CreatedDate: previous?.CreatedDate ?? timestamp(context),
    LastUpdatedDate: timestamp(context),
  };
  return rewritten === undefined ? stage : inPlaceOf(rewritten, stage, scope);
}

/** The deployment that a stage with AutoDeploy has, or that a deployment was made for the stage, is none of its members as they
 *  are given: it stays, unless it is given empty. */
function inPlaceOf(rewritten: StageDocument, stage: StageDocument, { given }: StageScope): StageDocument {
  const { DeploymentId = rewritten.DeploymentId, ...members } = stage;
  const { LastDeploymentStatusMessage } = rewritten;
  const ofItsOwn = given.DeploymentId === '' ? undefined : DeploymentId;
  const kept = stage.AutoDeploy === true ? rewritten.DeploymentId : ofItsOwn;
  const next = {
    ...members,
    ...(kept === undefined ? {} : { DeploymentId: kept }),
    ...(LastDeploymentStatusMessage === undefined ? {} : { LastDeploymentStatusMessage }),
    CreatedDate: rewritten.CreatedDate,
  };
  const unchanged = { ...next, LastUpdatedDate: rewritten.LastUpdatedDate };
  return isDeepStrictEqual(unchanged, rewritten) ? rewritten : next;
}

async function settledSettings(
  draft: Draft<StageDocument>,
  { context, path, previous, key }: StageScope,
): Promise<Pick<StageDocument, 'DefaultRouteSettings' | 'RouteSettings'>> {
  const [{ ProtocolType }] = path;
  const entries = Object.entries(draft.RouteSettings ?? {});
  const RouteSettings = Object.fromEntries(
    entries.map(([routeKey, settings]) => [routeKey, settledRouteSettings(ProtocolType, settings)]),
  );
  const kept = previous?.RouteSettings ?? {};
  await checkRouteSettingsKeys(context.tx, apiKeyAbove(key), ProtocolType, RouteSettings, kept);
  const DefaultRouteSettings = {
    ...initialRouteSettings(ProtocolType),
    ...settledRouteSettings(ProtocolType, draft.DefaultRouteSettings ?? {}),
  };
  return { DefaultRouteSettings, RouteSettings };
}

/** A stage with AutoDeploy chooses its deployments itself, even the one it has (§2.8.1). */
async function checkDeployment(
  { AutoDeploy }: Draft<StageDocument>,
  { context, previous, given, key }: StageScope,
): Promise<void> {
  const DeploymentId = String(given.DeploymentId ?? '');
  if (DeploymentId === '') return;
  if (previous !== undefined && AutoDeploy === true) throw badRequest(FOLLOWS);
  if (DeploymentId === previous?.DeploymentId) return;
  const deployment = await context.tx.get([...deploymentsOf(apiKeyAbove(key)), DeploymentId]);
  if (deployment === undefined) throw badRequest('Deployment id does not exist');
  if (deployment.DeploymentStatus === 'FAILED') throw badRequest(FAILED_DEPLOYMENT);
}
