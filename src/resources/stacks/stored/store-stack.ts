// The document of a stack that was deployed (spec/definitions.md §11.1.1).
import { isDeepStrictEqual } from 'node:util';
import { stackKeyOf, stackTemplateKey } from '../../../config/keys.ts';
import type { DeployReport } from '../../../definitions/deploy-answer.ts';
import { timestamp } from '../../context.ts';
import type { Deployment } from '../deployment.ts';
import type { LoadedStack } from '../load-stack.ts';
import { writeSsmParameters } from './ssm-parameters.ts';
import { type StackDocument, type StackResourceDocument, writeStack } from './stack-document.ts';
import { type Outputs, writeExports } from './stack-outputs.ts';

export interface DeployedStack {
  /** In the order in which they were made. */
  readonly written: ReadonlyMap<string, StackResourceDocument>;
  readonly outputs: Outputs;
  readonly imported: ReadonlySet<string>;
  /** SSM parameters by name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Writes what differs from what there was; the dates change with something else only. */
export async function storeStack(
  deployment: Deployment,
  { source, id, before, template, secrets }: LoadedStack,
  { written, outputs, imported, parameters }: DeployedStack,
): Promise<void> {
  const { context } = deployment;
  const { name, parent, given, tags, origin, isProtected } = source;
  await writeExports(deployment, name, before?.document.Outputs ?? {}, outputs, template);
  await writeSsmParameters(deployment, name, parameters);
  const earlier = parent === undefined ? before?.document.Parameters : {};
  const isDeclared = ([parameter]: readonly [string, string]): boolean => template.parameters.has(parameter);
  const content: Omit<StackDocument, 'Order' | 'CreatedDate' | 'LastUpdatedDate' | 'State' | 'Report'> = {
    StackName: name,
    StackId: id,
    Source: origin,
    ...(template.description === undefined ? {} : { Description: template.description }),
    ...(parent === undefined ? {} : { Parent: parent }),
    ...(isProtected && { IsProtected: true }),
    Parameters: Object.fromEntries(Object.entries({ ...earlier, ...given }).filter(isDeclared)),
    Secrets: [...secrets],
    Tags: tags,
    Outputs: outputs,
    Imports: [...imported],
  };
  const {
    Order: _,
    CreatedDate,
    LastUpdatedDate,
    State,
    Report,
    ...was
  } = before?.document ?? ({} as StackDocument);
  const isSame = isDeepStrictEqual(was, content) && isDeepStrictEqual(before!.resources, new Map(written));
  const now = timestamp(context);
  // In another order a template is the same.
  const Order = [...written.keys()];
  const document: StackDocument = isSame
    ? { ...before!.document, Order }
    : {
        ...content,
        Order,
        State: before === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
        ...(Report === undefined ? {} : { Report }),
        CreatedDate: CreatedDate ?? now,
        LastUpdatedDate: now,
      };
  await writeStack(context.tx, context, before, { document, resources: written });
  const templateKey = stackTemplateKey(context, name);
  const text = { Text: source.template.text };
  if (!isDeepStrictEqual(await context.tx.get(templateKey), text)) await context.tx.put(templateKey, text);
}

/** Keeps what is printed of a stack until the next deploy. */
export async function storeReport(
  { context }: Deployment,
  name: string,
  report: DeployReport,
): Promise<void> {
  const key = stackKeyOf(context, name);
  const document = await context.tx.get(key);
  await context.tx.put(key, { ...document, Report: report });
}
