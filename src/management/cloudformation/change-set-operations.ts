// Operations of CloudFormation's API on change sets (spec/definitions.md §13.1, §13.2).
import { randomUUID } from 'node:crypto';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import {
  type ChangeSetDocument,
  createChangeSet,
  deleteChangeSet,
  executeChangeSet,
  readChangeSet,
} from '../../resources/stacks/change-sets.ts';
import { requireName, validationError } from '../../resources/stacks/stack-errors.ts';
import type { StackMeans } from '../../resources/stacks/stack-means.ts';
import { changeSetFailed, changeSetNotThere } from './errors.ts';
import type { Form } from './form.ts';
import { printedChangeSet } from './printed-stack.ts';
import { stackNameIn } from './stack-names.ts';
import { secretNames, storedTemplate, templateText } from './template-operations.ts';
import type { XmlValue } from './xml.ts';

export async function newChangeSet(form: Form, means: StackMeans): Promise<XmlValue> {
  const name = form.required('ChangeSetName');
  requireName('changeSetName', name);
  const stackName = stackNameIn(form.required('StackName'), means);
  const type = form.text('ChangeSetType') ?? 'UPDATE';
  if (type !== 'CREATE' && type !== 'UPDATE')
    throw validationError(`ChangeSetType is ${type}: here it is CREATE or UPDATE`);
  const request = await requestOf(form, stackName, means);
  const { ChangeSetId, StackId } = await createChangeSet(
    {
      name,
      idIn: (stackId) => `${stackId.split(':').slice(0, 5).join(':')}:changeSet/${name}/${randomUUID()}`,
      type,
      description: form.text('Description'),
      secrets: secretNames(request.template.text),
      request,
    },
    means,
  );
  return { Id: ChangeSetId, StackId };
}

async function requestOf(form: Form, stackName: string, means: StackMeans): Promise<DeployRequest> {
  const isPrevious = form.isTrue('UsePreviousTemplate');
  const text = isPrevious ? await storedTemplate(stackName, means) : templateText(form);
  // Values of before are the stack's own.
  const parameters = form
    .list('Parameters')
    .filter((parameter) => !parameter.isTrue('UsePreviousValue'))
    .map((parameter) => [parameter.required('ParameterKey'), parameter.text('ParameterValue') ?? '']);
  const tags = form.list('Tags').map((tag) => [tag.required('Key'), tag.text('Value') ?? '']);
  return {
    stackName,
    template: { name: 'template', text },
    parameters: Object.fromEntries(parameters),
    tags: Object.fromEntries(tags),
    source: 'CloudFormation API',
  };
}

/** A change set by its ARN, or by its name and its stack's. */
async function named(form: Form, means: StackMeans): Promise<ChangeSetDocument> {
  const given = form.required('ChangeSetName');
  const inArn = /^arn:[^:]*:cloudformation:[^:]*:[^:]*:changeSet\/([^/]+)\//.exec(given)?.[1];
  const stack = form.text('StackName');
  if (stack === undefined || stack === '') {
    throw validationError('StackName must be specified, with an ARN of a change set too');
  }
  const found = await readChangeSet(stackNameIn(stack, means), inArn ?? given, means);
  if (found === undefined || (inArn !== undefined && found.ChangeSetId !== given))
    throw changeSetNotThere(given);
  return found;
}

export async function describeChangeSet(form: Form, means: StackMeans): Promise<XmlValue> {
  return printedChangeSet(await named(form, means));
}

export async function runChangeSet(form: Form, means: StackMeans): Promise<XmlValue> {
  const changeSet = await named(form, means);
  if (changeSet.Status === 'FAILED') throw changeSetFailed(changeSet.ChangeSetId);
  await executeChangeSet(changeSet, means);
  return {};
}

/** One that is not there is no error, as on AWS. */
export async function removeChangeSet(form: Form, means: StackMeans): Promise<XmlValue> {
  const given = form.required('ChangeSetName');
  const StackName = stackNameIn(form.text('StackName') ?? '', means);
  const inArn = /:changeSet\/([^/]+)\//.exec(given)?.[1];
  await deleteChangeSet({ StackName, ChangeSetName: inArn ?? given }, means);
  return {};
}
