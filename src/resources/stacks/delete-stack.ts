// A stack that goes, all of it or nothing (spec/definitions.md §11.6).
import type { DeployReport } from '../../definitions/deploy-answer.ts';
import { settingsOfStack } from '../../definitions/stack-settings.ts';
import { badRequest } from '../../wire/errors.ts';
import { deleteStoredStack } from './apply/leaving-resources.ts';
import { Deployment } from './deployment.ts';
import { Questions } from './questions.ts';
import type { StackMeans } from './stack-means.ts';
import { readStack } from './stored/stack-document.ts';
import { existing, summaryOf } from './tell-stacks.ts';

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
