// What is said of deployments, which are made once (spec/definitions.md §5.6).
import { DEPLOYMENT, ROUTE, STAGE } from '../../../definitions/type-names.ts';
import type { Deployment } from '../deployment.ts';
import type { StackRun } from '../stack-run.ts';
import type { StackResourceDocument } from '../stored/stack-document.ts';

/** Warns of stages that keep serving what they had while their API changed, and notes what AWS would not have waited for. */
export function sayOfDeployments(deployment: Deployment, run: StackRun): void {
  const { written } = run;
  const { resources, source } = run.stack;
  const { prefix } = source;
  const made = new Set(deployment.changes.map(({ logicalId }) => logicalId));
  for (const document of written.values()) {
    if (document.Type !== DEPLOYMENT) continue;
    const { LogicalId } = document;
    const place = {
      logicalId: prefix + LogicalId,
      type: DEPLOYMENT,
      offset: resources.get(LogicalId)!.offset,
    };
    const say = (severity: 'warning' | 'note', text: string): void => {
      deployment.findings.push({ severity, text, ...place });
    };
    if (made.has(prefix + LogicalId)) {
      const missed = routesNotWaitedFor(document, run);
      if (missed.length > 0) {
        say(
          'note',
          `On AWS ${LogicalId} needs DependsOn ${missed.join(', ')}, or may be made before what it deploys is there`,
        );
      }
      continue;
    }
    const changed = deployment.changesIn(String(document.Properties.ApiId));
    const stages = stagesWith(document, written);
    if (changed.length === 0 || stages.length === 0) continue;
    say(
      'warning',
      `Deployment ${LogicalId} is unchanged while ${changed.join(', ')} changed: ${stages.length > 1 ? 'stages' : 'stage'} ${stages.join(', ')} ${stages.length > 1 ? 'keep' : 'keeps'} serving what ${stages.length > 1 ? 'they' : 'it'} had, as on AWS. Rename it, or use AutoDeploy.`,
    );
  }
}

/** The names of stages that follow no change and have the deployment. */
function stagesWith(
  { PhysicalId, Properties }: StackResourceDocument,
  written: ReadonlyMap<string, StackResourceDocument>,
): readonly string[] {
  const names = [...written.values()]
    .filter(
      ({ Type, Properties: stage }) =>
        Type === STAGE && stage.DeploymentId === PhysicalId && stage.AutoDeploy !== true,
    )
    .map(({ Properties: stage }) => String(stage.StageName));
  const named = Properties.StageName;
  return [...new Set(named === undefined ? names : [...names, String(named)])];
}

function routesNotWaitedFor(
  { LogicalId, Properties }: StackResourceDocument,
  { written, dependencies }: StackRun,
): readonly string[] {
  const waitedFor = new Set([LogicalId]);
  for (const id of waitedFor) for (const earlier of dependencies.get(id) ?? []) waitedFor.add(earlier);
  return [...written.values()]
    .filter(({ Type, Properties: route }) => Type === ROUTE && route.ApiId === Properties.ApiId)
    .map(({ LogicalId: route }) => route)
    .filter((id) => !waitedFor.has(id));
}
