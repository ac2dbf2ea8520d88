// The stacks that there are, and one that goes (spec/definitions.md §1.1.4, §11.6).
import { stacksOf } from '../../config/keys.ts';
import type { DeployReport } from '../../definitions/deploy-answer.ts';
import type { StackDescription, StackSummary } from '../../definitions/stack-description.ts';
import { settingsOfStack } from '../../definitions/stack-settings.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';
import { listAll } from '../document-list.ts';
import { deleteStoredStack } from './delete-stored-stack.ts';
import { Deployment } from './deployment.ts';
import { Questions } from './questions.ts';
import { readStack, type StackDocument, type StoredStack } from './stack-document.ts';
import type { StackMeans } from './stack-means.ts';

export function listStacks(means: StackMeans): Promise<readonly StackSummary[]> {
  return means.store.read(async (tx) => {
    const stacks = await listAll<StackDocument>(tx, stacksOf(means));
    return stacks.map((document) => summaryOf(document, means));
  });
}

/** Throws a ValidationError for a stack that is not there. */
export function describeStack(name: string, means: StackMeans): Promise<StackDescription> {
  return means.store.read(async (tx) => {
    const { document, resources } = existing(name, await readStack(tx, means, name));
    const { Order, Outputs, Report } = document;
    return {
      ...summaryOf(document, means),
      resources: Order.flatMap((id) => {
        const resource = resources.get(id);
        return resource === undefined
          ? []
          : [{ logicalId: id, type: resource.Type, physicalId: resource.PhysicalId }];
      }),
      outputs: Report?.outputs ?? Outputs,
      ...(Report !== undefined && { report: Report }),
    };
  });
}

/** Throws the ServiceErrors of a stack that is not there, or cannot go. */
export async function deleteStack(
  name: string,
  means: StackMeans,
  { force = false }: { readonly force?: boolean } = {},
): Promise<DeployReport> {
  const { store, stacks, allow, ...context } = means;
  return store.transact(async (tx) => {
    const { document } = existing(name, await readStack(tx, means, name));
    if (document.Parent !== undefined) {
      throw badRequest(`Stack ${name} is part of ${document.Parent}: delete that one`);
    }
    if (document.IsProtected === true && !force) {
      throw badRequest(
        `Stack [${name}] cannot be deleted while TerminationProtection is enabled: use --force`,
      );
    }
    allow?.('DeleteStack', { StackName: name });
    const deployment = await Deployment.begin({
      context: { ...context, tx },
      request: { stackName: name, template: { name: document.Source, text: '' } },
      questions: new Questions(),
      settings: settingsOfStack(stacks, name),
      allow,
    });
    await deleteStoredStack(deployment, name, '');
    const error = deployment.findings.find(({ severity }) => severity === 'error');
    if (error !== undefined) throw badRequest(error.text);
    await deployment.deployApis();
    return {
      outcome: 'deployed',
      stack: { ...summaryOf(document, means), isNew: false },
      changes: deployment.changes,
      unchanged: 0,
      functions: [],
      outputs: {},
      endpoints: [],
      findings: deployment.findings.map(
        ({ offset: _, ...finding }) => finding as DeployReport['findings'][number],
      ),
    };
  });
}

function existing(name: string, stack: StoredStack | undefined): StoredStack {
  if (stack !== undefined) return stack;
  throw new ServiceError('ValidationError', 400, `Stack with id ${name} does not exist`);
}

function summaryOf(
  { StackName, StackId, State, Source, Parent, CreatedDate, LastUpdatedDate }: StackDocument,
  { account, region }: StackMeans,
): StackSummary {
  return {
    name: StackName,
    id: StackId,
    account,
    region,
    state: State,
    source: Source,
    ...(Parent !== undefined && { parent: Parent }),
    createdAt: CreatedDate,
    updatedAt: LastUpdatedDate,
  };
}
