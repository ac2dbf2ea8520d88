// Deployments that clients make (spec/management-api.md §2.9.1).
import { apiKeyAbove, stagesOf } from '../../config/keys.ts';
import type { Document } from '../../store/store.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { timestamp } from '../context.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import { clearable } from '../patch.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import type { StageDocument } from '../stage/stage-document.ts';
import { DEPLOYMENT_ID_LENGTH, forgetAutomatic } from './auto-deploy.ts';
import { freezeApi, putFrozen } from './freeze.ts';

interface DeploymentDocument {
  readonly DeploymentId: string;
  readonly Description?: string;
  readonly AutoDeployed: boolean;
  readonly CreatedDate: string;
  readonly DeploymentStatus: 'DEPLOYED' | 'FAILED';
  readonly DeploymentStatusMessage?: string;
}

/** The text is ours (§2.9.1). */
const followsChanges = (stageName: string): string =>
  `Stage ${stageName} follows the changes of its API by itself because AutoDeploy is enabled`;

type DeploymentScope = Scope<DeploymentDocument, readonly [ApiDocument]>;

export const deployments = resource<'Deployment', DeploymentDocument, readonly [ApiDocument]>('Deployment', {
  idLength: DEPLOYMENT_ID_LENGTH,
  notStored: ['StageName'],
  patch: { Description: clearable },
  settle,
  async refuseDelete(document, { context, key }) {
    const stages = await listAll<StageDocument>(context.tx, stagesOf(apiKeyAbove(key)));
    if (stages.some((stage) => stage.DeploymentId === document.DeploymentId)) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
  },
  async upkeep(document, scope) {
    const { context, key, id, previous } = scope;
    if (document === undefined) await forgetAutomatic(context, apiKeyAbove(key), id);
    else if (previous === undefined) await freeze(document, scope);
  },
});

async function settle(draft: Draft<DeploymentDocument>, scope: DeploymentScope): Promise<DeploymentDocument> {
  checkLength('description', draft.Description, 0, 1024);
  const { context, id, previous } = scope;
  if (previous !== undefined) return draft as DeploymentDocument;
  const stage = await namedStage(scope);
  return {
    DeploymentId: id,
    ...draft,
    AutoDeployed: false,
    CreatedDate: timestamp(context),
    ...(stage?.AutoDeploy === true
      ? { DeploymentStatus: 'FAILED', DeploymentStatusMessage: followsChanges(stage.StageName) }
      : { DeploymentStatus: 'DEPLOYED' }),
  };
}

/** The stage that CreateDeployment names, undefined when it names none. */
async function namedStage({ context, key, given }: DeploymentScope): Promise<StageDocument | undefined> {
  const { StageName } = given as unknown as Input<'CreateDeployment'>;
  if (StageName === undefined) return undefined;
  const stage = await context.tx.get([...stagesOf(apiKeyAbove(key)), StageName]);
  if (stage !== undefined) return stage as unknown as StageDocument;
  throw badRequest(
    `Stage ${StageName} does not exist. StageName specified on a CreateDeployment request must exist so the stage can ` +
      'be updated with the new deployment.',
  );
}

/** A deployment is what it froze, and the stage that it was made for has it. */
async function freeze(document: DeploymentDocument, scope: DeploymentScope): Promise<void> {
  const { context, key, path, id } = scope;
  const frozen = await freezeApi(context, apiKeyAbove(key), path[0]);
  // No stage will ever serve it.
  if (document.DeploymentStatus === 'FAILED') return;
  await putFrozen(context, apiKeyAbove(key), id, frozen);
  const stage = await namedStage(scope);
  if (stage !== undefined) {
    await context.tx.put([...stagesOf(apiKeyAbove(key)), stage.StageName], {
      ...(stage as unknown as Document),
      DeploymentId: id,
      LastUpdatedDate: timestamp(context),
    });
  }
}
