// `postern deploy`: reads a definition, and has a running server make stacks of it (spec/definitions.md §1).
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DeployReport } from '../../definitions/deploy-answer.ts';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { deployWithFiles } from '../../sources/needed-files.ts';
import { readStackRequests, type StackRequest } from '../../sources/stack-requests.ts';
import { CommandError } from '../command-error.ts';
import { type Door, doorOf } from '../management-call.ts';
import type { Given } from '../read-options.ts';
import { definitionOf } from './definition-options.ts';
import { printRefusedReport, printReport } from './print-report.ts';
import { confirmed } from './question.ts';
import type { StackCommandMeans } from './run-stack-command.ts';
import { askToDeploy } from './stacks-door.ts';

/** Deploys every stack that is meant, each in a transaction of its own, until one is refused. Returns the exit code. Throws
 *  UsageError, SourceError and CommandError. */
export async function runDeploy(given: Given, means: StackCommandMeans): Promise<number> {
  const { output, errors, paint, cwd } = means;
  const { switches, flags } = given;
  const isConfirmed = switches.has('confirm');
  if (switches.has('fail') && !switches.has('dry-run')) {
    throw new UsageError('--fail is for --dry-run: exit code 1 where there are changes.');
  }
  const definition = definitionOf(given, cwd);
  if (isConfirmed && definition.source === '-') {
    throw new UsageError('--confirm asks on standard input, which is the template: name a file.');
  }
  const door = doorOf(means.settings, means.environment, flags.get('endpoint'));
  const isJson = switches.has('json');
  const reports: DeployReport[] = [];
  const run = new Run(door, given, means);
  for (const [i, stack] of (await readStackRequests(definition)).entries()) {
    const notes = i === 0 ? notesOf(given) : [];
    const plan = isConfirmed ? await run.deploy(stack, { notes, dryRun: true }) : undefined;
    if (plan?.outcome === 'planned' && plan.changes.length > 0) {
      errors.write(printReport(plan, paint, []));
      if (!(await confirmed(`Deploy ${plan.stack.name}?`, means))) {
        throw new CommandError('Nothing was deployed.');
      }
    }
    const isRefused = plan?.outcome === 'refused';
    const report = isRefused ? plan : await run.deploy(stack, { notes, dryRun: switches.has('dry-run') });
    reports.push(report);
    if (report.outcome === 'refused') {
      if (!isJson) errors.write(printRefusedReport(report, paint));
      break;
    }
    if (!isJson) output.write(`${i === 0 ? '' : '\n'}${printReport(report, paint)}`);
  }
  if (isJson) output.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2)}\n`);
  const outputsFile = flags.get('outputs-file');
  if (outputsFile !== undefined) await writeOutputs(resolve(cwd, outputsFile), reports);
  return exitCodeOf(reports, given, errors);
}

class Run {
  readonly #door: Door;
  readonly #strict: boolean;
  readonly #cwd: string;

  constructor(door: Door, { switches }: Given, { cwd }: StackCommandMeans) {
    this.#door = door;
    this.#strict = switches.has('strict');
    this.#cwd = cwd;
  }

  deploy(
    { request, account, region }: StackRequest,
    asked: Required<Pick<DeployRequest, 'notes' | 'dryRun'>>,
  ): Promise<DeployReport> {
    const whole = { ...request, ...asked, strict: this.#strict };
    const ask = (each: DeployRequest) => askToDeploy(this.#door, { account, region }, each);
    return deployWithFiles(whole, ask, this.#cwd);
  }
}

/** That options have no effect. */
export function notesOf({ withoutEffect }: Given): readonly string[] {
  if (withoutEffect.length === 0) return [];
  const options = [...new Set(withoutEffect)];
  return [`${options.join(', ')} ${options.length === 1 ? 'has' : 'have'} no effect here`];
}

/** In the CDK's shape. A file that is there is written over; folders that are not there are made. */
async function writeOutputs(file: string, reports: readonly DeployReport[]): Promise<void> {
  const done = reports.filter(({ outcome }) => outcome === 'deployed' || outcome === 'unchanged');
  const text = JSON.stringify(
    Object.fromEntries(
      done.map(({ stack, outputs }) => [
        stack.name,
        Object.fromEntries(
          Object.entries(outputs).flatMap(([name, { value }]) =>
            value === undefined ? [] : [[name, value]],
          ),
        ),
      ]),
    ),
    undefined,
    2,
  );
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${text}\n`);
  } catch (error) {
    throw new CommandError(`The outputs cannot be written to ${file}: ${String(error)}.`, { cause: error });
  }
}

function exitCodeOf(
  reports: readonly DeployReport[],
  { switches }: Given,
  errors: { write(text: string): unknown },
): number {
  if (reports.some(({ outcome }) => outcome === 'refused')) return 1;
  const hasChanges = reports.some(({ changes }) => changes.length > 0);
  if (switches.has('dry-run') && switches.has('fail') && hasChanges) return 1;
  if (hasChanges || !switches.has('fail-on-empty-changeset')) return 0;
  const names = reports.map(({ stack }) => stack.name).join(', ');
  errors.write(`postern: No changes to deploy. Stack ${names} is up to date\n`);
  return 1;
}
