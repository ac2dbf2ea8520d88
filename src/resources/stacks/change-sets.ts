// Change sets of CloudFormation's API: a deploy that is planned by one call and run by another (spec/definitions.md §11.4.2, §13.1).
import { changeSetsOf, stackKeyOf } from '../../config/keys.ts';
import type { Change, DeployReport } from '../../definitions/deploy-answer.ts';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import type { Document } from '../../store/store.ts';
import { ServiceError } from '../../wire/errors.ts';
import { listAll } from '../document-list.ts';
import { deploy } from './deploy.ts';
import { validationError } from './stack-errors.ts';
import type { StackMeans } from './stack-means.ts';

export interface ChangeSetDocument {
  readonly ChangeSetName: string;
  /** Its ARN. */
  readonly ChangeSetId: string;
  readonly StackName: string;
  readonly StackId: string;
  /** Of a stack that is not there yet. */
  readonly IsOfNewStack: boolean;
  readonly Status: 'CREATE_COMPLETE' | 'FAILED';
  readonly StatusReason?: string;
  readonly Description?: string;
  /** ISO 8601. */
  readonly CreationTime: string;
  readonly Changes: readonly Change[];
  /** Names of parameters with NoEcho. */
  readonly Secrets: readonly string[];
  readonly Request: DeployRequest;
}

/** Each holds a template. */
const MAX_CHANGE_SETS = 20;
/** What clients look for (§13.1.1). */
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export interface WantedChangeSet {
  readonly name: string;
  /** Its ARN, of the stack's. */
  readonly idIn: (stackId: string) => string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly secrets: readonly string[];
  readonly request: DeployRequest;
}

/** Plans a deploy. Throws the ValidationError of one that would be refused: nothing is kept of it. */
export async function createChangeSet(
  { name, idIn, type, description, secrets, request }: WantedChangeSet,
  means: StackMeans,
): Promise<ChangeSetDocument> {
  const { stackName } = request;
  const report = await planned(request, means);
  const { id, isNew } = report.stack;
  requireType(type, stackName, isNew);
  const isEmpty = report.changes.length === 0 && !isNew;
  const document: ChangeSetDocument = {
    ChangeSetName: name,
    ChangeSetId: idIn(id),
    StackName: stackName,
    StackId: id,
    IsOfNewStack: isNew,
    Status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
    ...(isEmpty && { StatusReason: NO_CHANGES }),
    ...(description !== undefined && { Description: description }),
    CreationTime: means.now.toISOString(),
    Changes: report.changes,
    Secrets: secrets,
    Request: request,
  };
  const collection = changeSetsOf(means, stackName);
  await means.store.transact(async (tx) => {
    const others = await listAll<ChangeSetDocument>(tx, collection);
    if (others.some(({ ChangeSetName }) => ChangeSetName === name)) {
      throw new ServiceError('AlreadyExistsException', 400, `ChangeSet ${name} already exists`);
    }
    if (others.length >= MAX_CHANGE_SETS) {
      throw new ServiceError(
        'LimitExceededException',
        400,
        `Stack ${stackName} has ${MAX_CHANGE_SETS} change sets: delete some`,
      );
    }
    await tx.put([...collection, name], document as unknown as Document);
  });
  return document;
}

async function planned(request: DeployRequest, means: StackMeans): Promise<DeployReport> {
  return accepted(await deploy({ ...request, dryRun: true }, means));
}

/** Throws the ValidationError of a definition that was refused, or that needs files, which nobody can give here. */
function accepted(answer: Awaited<ReturnType<typeof deploy>>): DeployReport {
  if (answer.outcome === 'needs') {
    throw validationError(
      `The template names local files (${answer.files.join(', ')}), which mean nothing in a call: use postern deploy, or say what stands for them under stacks in postern.yaml`,
    );
  }
  if (answer.outcome === 'refused') {
    throw validationError(answer.message ?? 'The template cannot be deployed');
  }
  return answer;
}

function requireType(type: WantedChangeSet['type'], stackName: string, isNew: boolean): void {
  if ((type === 'CREATE') === isNew) return;
  throw validationError(
    isNew
      ? `Stack [${stackName}] does not exist`
      : `Stack [${stackName}] already exists and cannot be created again with the changeSet.`,
  );
}

export function listChangeSets(stackName: string, means: StackMeans): Promise<readonly ChangeSetDocument[]> {
  return means.store.read((tx) => listAll<ChangeSetDocument>(tx, changeSetsOf(means, stackName)));
}

/** Undefined where there is none. */
export async function readChangeSet(
  stackName: string,
  name: string,
  means: StackMeans,
): Promise<ChangeSetDocument | undefined> {
  const key = [...changeSetsOf(means, stackName), name];
  return (await means.store.read((tx) => tx.get(key))) as ChangeSetDocument | undefined;
}

/** Deploys what was planned, as things are now. All change sets of the stack are gone then, as on AWS. */
export async function executeChangeSet(
  { Request, StackName }: ChangeSetDocument,
  means: StackMeans,
): Promise<DeployReport> {
  const report = accepted(await deploy(Request, means));
  const collection = changeSetsOf(means, StackName);
  await means.store.transact(async (tx) => {
    for (const { ChangeSetName } of await listAll<ChangeSetDocument>(tx, collection)) {
      await tx.delete([...collection, ChangeSetName]);
    }
  });
  return report;
}

export function deleteChangeSet(
  { StackName, ChangeSetName }: Pick<ChangeSetDocument, 'StackName' | 'ChangeSetName'>,
  means: StackMeans,
): Promise<void> {
  return means.store.transact((tx) => tx.delete([...changeSetsOf(means, StackName), ChangeSetName]));
}

/** Deletes what is left of a stack that was planned and never deployed; a stack that is there stays. */
export function forgetPlannedStack(stackName: string, means: StackMeans): Promise<void> {
  const key = stackKeyOf(means, stackName);
  return means.store.transact(async (tx) => {
    if ((await tx.get(key)) === undefined) await tx.delete(key);
  });
}
