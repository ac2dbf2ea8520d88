// The stacks that there are (spec/definitions.md §1.1.4).
import { stacksOf } from '../../config/keys.ts';
import type { StackDescription, StackSummary } from '../../definitions/stack-description.ts';
import { listAll } from '../document-list.ts';
import { stackNotThere } from './stack-errors.ts';
import type { StackMeans } from './stack-means.ts';
import { readStack, type StackDocument, type StoredStack } from './stored/stack-document.ts';

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

/** Throws a ValidationError for a stack that is not there. */
export function existing(name: string, stack: StoredStack | undefined): StoredStack {
  if (stack !== undefined) return stack;
  throw stackNotThere(name);
}

export function summaryOf(
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
