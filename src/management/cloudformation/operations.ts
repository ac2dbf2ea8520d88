// Which operations of CloudFormation's API are here, by their names.
import type { StackMeans } from '../../resources/stacks/stack-means.ts';
import { describeChangeSet, newChangeSet, removeChangeSet, runChangeSet } from './change-set-operations.ts';
import type { Form } from './form.ts';
import {
  describeStackEvents,
  describeStackResources,
  describeStacks,
  listExports,
  listStackResources,
  listStacks,
  removeStack,
} from './stack-operations.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from './template-operations.ts';
import type { XmlValue } from './xml.ts';

export interface Operation {
  run(form: Form, means: StackMeans): Promise<XmlValue>;
  /** Whether the gateway serves something else afterwards. */
  readonly writes: boolean;
}

export type Operations = ReadonlyMap<string, Operation>;

const reading = (run: Operation['run']): Operation => ({ run, writes: false });
const writing = (run: Operation['run']): Operation => ({ run, writes: true });

export const operations: Operations = new Map([
  ['CreateChangeSet', reading(newChangeSet)],
  ['DeleteChangeSet', reading(removeChangeSet)],
  ['DeleteStack', writing(removeStack)],
  ['DescribeChangeSet', reading(describeChangeSet)],
  ['DescribeStackEvents', reading(describeStackEvents)],
  ['DescribeStackResources', reading(describeStackResources)],
  ['DescribeStacks', reading(describeStacks)],
  ['ExecuteChangeSet', writing(runChangeSet)],
  ['GetTemplate', reading(getTemplate)],
  ['GetTemplateSummary', reading(getTemplateSummary)],
  ['ListExports', reading(listExports)],
  ['ListStackResources', reading(listStackResources)],
  ['ListStacks', reading(listStacks)],
  ['ValidateTemplate', reading(validateTemplate)],
]);
