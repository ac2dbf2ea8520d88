// Operations of CloudFormation's API on stacks that are there (spec/definitions.md §13.2, part A).
import { exportsOf, stacksOf } from '../../config/keys.ts';
import { listAll } from '../../resources/document-list.ts';
import { forgetPlannedStack, listChangeSets } from '../../resources/stacks/change-sets.ts';
import { deleteStack } from '../../resources/stacks/delete-stack.ts';
import { stackNotThere, validationError } from '../../resources/stacks/stack-errors.ts';
import type { StackMeans } from '../../resources/stacks/stack-means.ts';
import {
  readStack,
  type StackDocument,
  type StoredStack,
} from '../../resources/stacks/stored/stack-document.ts';
import type { Form } from './form.ts';
import {
  printedEvents,
  printedResources,
  printedReview,
  printedStack,
  printedSummary,
} from './printed-stack.ts';
import { stackNameIn } from './stack-names.ts';
import type { XmlValue } from './xml.ts';

/** Throws ValidationError. */
async function storedStack(given: string, means: StackMeans): Promise<StoredStack> {
  const name = stackNameIn(given, means);
  const stack = await means.store.read((tx) => readStack(tx, means, name));
  if (stack === undefined) throw stackNotThere(given);
  return stack;
}

const allStacks = (means: StackMeans): Promise<readonly StackDocument[]> =>
  means.store.read((tx) => listAll<StackDocument>(tx, stacksOf(means)));

export async function describeStacks(form: Form, means: StackMeans): Promise<XmlValue> {
  const given = form.text('StackName');
  if (given === undefined) return { Stacks: (await allStacks(means)).map(printedStack) };
  const name = stackNameIn(given, means);
  const stack = await means.store.read((tx) => readStack(tx, means, name));
  if (stack !== undefined) return { Stacks: [printedStack(stack.document)] };
  const planned = (await listChangeSets(name, means)).find(({ IsOfNewStack }) => IsOfNewStack);
  if (planned === undefined) throw stackNotThere(given);
  return { Stacks: [printedReview(planned)] };
}

export async function listStacks(form: Form, means: StackMeans): Promise<XmlValue> {
  const wanted = form.texts('StackStatusFilter');
  const stacks = await allStacks(means);
  return {
    StackSummaries: stacks
      .filter(({ State }) => wanted.length === 0 || wanted.includes(State))
      .map(printedSummary),
  };
}

export async function describeStackResources(form: Form, means: StackMeans): Promise<XmlValue> {
  const stack = await storedStack(form.required('StackName'), means);
  const { StackId, StackName } = stack.document;
  const wanted = form.text('LogicalResourceId');
  const resources = printedResources(stack).filter(
    ({ LogicalResourceId }) => wanted === undefined || LogicalResourceId === wanted,
  );
  if (wanted !== undefined && resources.length === 0)
    throw validationError(`Resource ${wanted} does not exist for stack ${StackName}`);
  return { StackResources: resources.map((resource) => ({ StackName, StackId, ...resource })) };
}

export async function listStackResources(form: Form, means: StackMeans): Promise<XmlValue> {
  return { StackResourceSummaries: printedResources(await storedStack(form.required('StackName'), means)) };
}

export async function describeStackEvents(form: Form, means: StackMeans): Promise<XmlValue> {
  return { StackEvents: printedEvents(await storedStack(form.required('StackName'), means)) };
}

export async function listExports(_form: Form, means: StackMeans): Promise<XmlValue> {
  return means.store.read(async (tx) => {
    const stacks = await listAll<StackDocument>(tx, stacksOf(means));
    const ids = new Map(stacks.map(({ StackName, StackId }) => [StackName, StackId]));
    const { entries } = await tx.list(exportsOf(means));
    return {
      Exports: entries.map(({ key, document }) => ({
        ExportingStackId: ids.get(String(document.Stack)),
        Name: key.at(-1),
        Value: String(document.Value),
      })),
    };
  });
}

/** A stack that is not there is no error, as on AWS. */
export async function removeStack(form: Form, means: StackMeans): Promise<XmlValue> {
  const name = stackNameIn(form.required('StackName'), means);
  if (form.texts('RetainResources').length > 0)
    throw validationError(
      'RetainResources is not supported here: say DeletionPolicy: Retain in the template',
    );
  const stack = await means.store.read((tx) => readStack(tx, means, name));
  if (stack === undefined) await forgetPlannedStack(name, means);
  else await deleteStack(name, means);
  return {};
}
