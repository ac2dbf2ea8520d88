// A stack that goes, with everything that it made (spec/definitions.md §11.6).
import { stackKeyOf } from '../../config/keys.ts';
import type { Deployment } from './deployment.ts';
import { kindOf } from './kinds/kinds.ts';
import { LeavingResources, leavingOf } from './leaving-resources.ts';
import { writeSsmParameters } from './ssm-parameters.ts';
import { readStack, type StackResourceDocument } from './stack-document.ts';
import { writeExports } from './stack-outputs.ts';

/** Deletes in reverse order. Throws the ServiceErrors of what the service refuses, and TemplateError of exports in use. */
export async function deleteStoredStack(deployment: Deployment, name: string, prefix: string): Promise<void> {
  const { context } = deployment;
  const stored = await readStack(context.tx, context, name);
  if (stored === undefined) return;
  const leaving = new LeavingResources(
    {
      deployment,
      prefix,
      kindOf,
      deleteOther: (document) => deleteNested(deployment, document, prefix),
    },
    leavingOf(stored, () => true),
  );
  await leaving.deleteAll();
  await writeExports(deployment, name, stored.document.Outputs, {}, undefined);
  await writeSsmParameters(deployment, name, new Map());
  await context.tx.delete(stackKeyOf(context, name));
}

/** The same for a resource that is a stack. */
export async function deleteNested(
  deployment: Deployment,
  { LogicalId, Properties }: StackResourceDocument,
  prefix: string,
): Promise<void> {
  await deleteStoredStack(deployment, String(Properties.StackName), `${prefix}${LogicalId}.`);
}
