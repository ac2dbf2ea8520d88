// Deployments that clients make (spec/management-api.md §2.9.1).
import type { Key } from '../store/store.ts';
import { badRequest } from '../wire/errors.ts';
import type { Input } from '../wire/operation.ts';
import type { ApiDocument } from './api-document.ts';
import { DEPLOYMENT_ID_LENGTH, deployedMessage, forgetAutomatic } from './auto-deploy.ts';
import { timestamp } from './context.ts';
import { listAll } from './document-list.ts';
import { freezeApi, putFrozen } from './freeze.ts';
import { checkLength } from './limits.ts';
import { clearable } from './patch.ts';
import { type Draft, resource, type Scope } from './resource.ts';
import type { StageDocument } from './stage-document.ts';

interface DeploymentDocument {
  readonly DeploymentId: string;
  readonly Description?: string;
  readonly AutoDeployed: boolean;
  readonly CreatedDate: string;
  readonly DeploymentStatus: 'DEPLOYED';
}

type DeploymentScope = Scope<DeploymentDocument, readonly [ApiDocument]>;

export const deployments = resource<'Deployment', DeploymentDocument, readonly [ApiDocument]>('Deployment', {
  idLength: DEPLOYMENT_ID_LENGTH,
  notStored: ['StageName'],
  patch: { Description: clearable },
  settle,
  written: deploy,
  async refuseDelete(document, { context, key }) {
    const stages = await listAll<StageDocument>(context.tx, [...apiKeyOf(key), 'stages']);
    if (stages.some((stage) => stage.DeploymentId === document.DeploymentId)) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
  },
  deleted: (document, { context, key }) => forgetAutomatic(context, apiKeyOf(key), document.DeploymentId),
});

async function settle(draft: Draft<DeploymentDocument>, scope: DeploymentScope): Promise<DeploymentDocument> {
  checkLength('description', draft.Description, 0, 1024);
  const { context, id, previous } = scope;
  return {
    DeploymentId: id,
    ...(draft.Description === undefined ? {} : { Description: draft.Description }),
    AutoDeployed: previous?.AutoDeployed ?? false,
    CreatedDate: previous?.CreatedDate ?? timestamp(context),
    DeploymentStatus: 'DEPLOYED',
  };
}

async function deploy(document: DeploymentDocument, scope: DeploymentScope): Promise<DeploymentDocument> {
  if (scope.previous !== undefined) return document;
  const { context, key, path, id } = scope;
  const apiKey = apiKeyOf(key);
  const { StageName } = scope.given as unknown as Input<'CreateDeployment'>;
  const stageKey = [...apiKey, 'stages', StageName ?? ''];
  const stage = StageName === undefined ? undefined : await context.tx.get(stageKey);
  if (StageName !== undefined && stage === undefined) {
    throw badRequest(
      `Stage ${StageName} does not exist. StageName specified on a CreateDeployment request must exist so the stage can ` +
        'be updated with the new deployment.',
    );
  }
  await putFrozen(context, key, await freezeApi(context, apiKey, path[0]));
  if (stage !== undefined) {
    const message = stage.AutoDeploy === true ? { LastDeploymentStatusMessage: deployedMessage(id) } : {};
    await context.tx.put(stageKey, {
      ...stage,
      ...message,
      DeploymentId: id,
      LastUpdatedDate: timestamp(context),
    });
  }
  return document;
}

function apiKeyOf(deploymentKey: Key): Key {
  return deploymentKey.slice(0, -2);
}
