// Automatic deployments (spec/management-api.md §2.9.2): stages with AutoDeploy follow each change of their API, in the
// transaction of the change (§6.4).
import { automaticDeploymentsKey, deploymentsOf, stagesOf } from '../../config/keys.ts';
import type { Document, Key } from '../../store/store.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { type Context, timestamp } from '../context.ts';
import { listAll } from '../document-list.ts';
import { unusedId } from '../identifiers.ts';
import type { StageDocument } from '../stage/stage-document.ts';
import { freezeApi, putFrozen } from './freeze.ts';

export const DEPLOYMENT_ID_LENGTH = 6;

const DESCRIPTION = 'Automatic deployment triggered by changes to the Api configuration';

/** What a stage says of an automatic deployment that failed begins so. */
export const FAILED = 'Deployment attempt failed: ';

/** How many automatic deployments that no stage uses are kept; AWS's number is not known (§8.27). */
const KEPT_UNUSED = 10;

/** Deploys a changed API to its stages with AutoDeploy, with one deployment for all. */
export async function autoDeploy(context: Context, apiKey: Key): Promise<void> {
  const stages = await listAll<StageDocument>(context.tx, stagesOf(apiKey));
  const following = stages.filter((stage) => stage.AutoDeploy === true);
  if (following.length > 0) await deployTo(context, apiKey, stages, following);
}

/** Deploys an API to one stage that begins to follow it. Returns the stage as it is then. */
export async function autoDeployStage(
  context: Context,
  apiKey: Key,
  stage: StageDocument,
): Promise<StageDocument> {
  const stages = await listAll<StageDocument>(context.tx, stagesOf(apiKey));
  const [deployed] = await deployTo(context, apiKey, stages, [stage]);
  return deployed!;
}

/** What a stage says of its last automatic deployment. */
function deployedMessage(deploymentId: string): string {
  return `Successfully deployed stage with deployment ID '${deploymentId}'`;
}

async function deployTo(
  context: Context,
  apiKey: Key,
  stages: readonly StageDocument[],
  following: readonly StageDocument[],
): Promise<readonly StageDocument[]> {
  const change = await tryDeploy(context, apiKey);
  const deployed = following.map((stage) => ({ ...stage, ...change }));
  for (let i = 0; i < deployed.length; i++) {
    // A failed attempt that says nothing new is no change.
    if (change.DeploymentId === undefined && hasMessage(following[i]!, change.LastDeploymentStatusMessage))
      continue;
    await putStage(context, apiKey, deployed[i]!);
  }
  if (change.DeploymentId !== undefined) {
    const moved = new Map(deployed.map((stage) => [stage.StageName, stage]));
    const inUse = stages.map((stage) => (moved.get(stage.StageName) ?? stage).DeploymentId);
    await prune(context, apiKey, change.DeploymentId, new Set(inUse));
  }
  return deployed;
}

function hasMessage(stage: StageDocument, message: string): boolean {
  return stage.LastDeploymentStatusMessage === message;
}

interface StageChange {
  readonly LastDeploymentStatusMessage: string;
  readonly DeploymentId?: string;
  readonly LastUpdatedDate?: string;
}

/** What the attempt changes in the stages. */
async function tryDeploy(context: Context, apiKey: Key): Promise<StageChange> {
  const { tx } = context;
  const api = (await tx.get(apiKey)) as unknown as ApiDocument;
  try {
    const frozen = await freezeApi(context, apiKey, api);
    const keyOf = (id: string): Key => [...deploymentsOf(apiKey), id];
    const id = await unusedId(
      DEPLOYMENT_ID_LENGTH,
      async (taken) => (await tx.get(keyOf(taken))) !== undefined,
    );
    const document = {
      DeploymentId: id,
      AutoDeployed: true,
      CreatedDate: timestamp(context),
      DeploymentStatus: 'DEPLOYED',
      Description: DESCRIPTION,
    };
    await tx.put(keyOf(id), document);
    await putFrozen(context, apiKey, id, frozen);
    return {
      DeploymentId: id,
      LastDeploymentStatusMessage: deployedMessage(id),
      LastUpdatedDate: timestamp(context),
    };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { LastDeploymentStatusMessage: `${FAILED}${error.message}` };
  }
}

async function putStage({ tx }: Context, apiKey: Key, stage: StageDocument): Promise<void> {
  await tx.put([...stagesOf(apiKey), stage.StageName], stage as unknown as Document);
}

/** Forgets the oldest automatic deployments that no stage uses. Their ids are in a document of their own, so that an API
 *  with many deployments of its clients' making is not read through on each change. */
async function prune(
  { tx }: Context,
  apiKey: Key,
  newest: string,
  inUse: ReadonlySet<string | undefined>,
): Promise<void> {
  const listKey = automaticDeploymentsKey(apiKey);
  const ids = [...deploymentIds(await tx.get(listKey)), newest];
  const unused = ids.filter((id) => !inUse.has(id));
  const dropped = new Set(unused.slice(0, -KEPT_UNUSED));
  for (const id of dropped) await tx.delete([...deploymentsOf(apiKey), id]);
  await tx.put(listKey, { Ids: ids.filter((id) => !dropped.has(id)) });
}

/** Takes a deployment that a client deleted off the list of automatic ones. */
export async function forgetAutomatic({ tx }: Context, apiKey: Key, deploymentId: string): Promise<void> {
  const listKey = automaticDeploymentsKey(apiKey);
  const ids = deploymentIds(await tx.get(listKey));
  if (ids.includes(deploymentId)) await tx.put(listKey, { Ids: ids.filter((id) => id !== deploymentId) });
}

function deploymentIds(document: Document | undefined): readonly string[] {
  return (document?.Ids ?? []) as readonly string[];
}
