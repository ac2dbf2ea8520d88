// Definitions that postern.yaml names are deployed when the program has started. What is wrong with one is a line of the log, and
// stops neither the program nor the others.
import { dirname } from 'node:path';
import type { DeployAnswer, DeployReport, PlacedFinding } from '../../definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../../definitions/deploy-request.ts';
import type { StackSettings } from '../../definitions/stack-settings.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { deployWithFiles } from '../../sources/needed-files.ts';
import { SourceError } from '../../sources/source-error.ts';
import { readStackRequests } from '../../sources/stack-requests.ts';
import type { Log } from '../../telemetry/log.ts';
import { ServiceError } from '../../wire/errors.ts';

export interface StartingStacks {
  readonly stacks: ReadonlyMap<string, StackSettings>;
  readonly deploy: (request: DeployRequest, place: StackPlace) => Promise<DeployAnswer>;
  readonly log: Log;
}

/** In the order of the file, one after the other. */
export async function deployAtStart({ stacks, deploy, log }: StartingStacks): Promise<void> {
  for (const [stackName, { source }] of stacks) {
    if (source === undefined) continue;
    const refused = (reason: string) => log('stack.refused', { stackName, source, reason });
    try {
      const cwd = dirname(source);
      for (const { request, ...place } of await readStackRequests({ source, cwd, stackName })) {
        const report = await deployWithFiles(request, (each) => deploy(each, place), cwd);
        if (report.outcome === 'refused') refused(reasonOf(report, 'error'));
        else logDeployed(log, source, report);
      }
    } catch (error) {
      if (!isSentence(error)) throw error;
      refused(error.message);
    }
  }
}

function logDeployed(log: Log, source: string, report: DeployReport): void {
  const reason = reasonOf(report, 'warning');
  log('stack.deployed', {
    stackName: report.stack.name,
    source,
    changes: report.changes.length,
    ...(reason === '' ? {} : { reason }),
  });
}

/** Whether the message is for whoever wrote the definition. */
export function isSentence(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof SourceError || error instanceof ServiceError;
}

/** The findings of a severity, each with its place. */
function reasonOf({ findings }: DeployReport, severity: PlacedFinding['severity']): string {
  return findings
    .filter((finding) => finding.severity === severity)
    .map(({ at, text }) => (at === undefined ? text : `${at.file}:${at.line}:${at.column} ${text}`))
    .join('; ');
}
