// A definition becomes a stack, all of it or nothing (spec/definitions.md §11.2). Everything runs in one transaction, which waits for
// nobody: what is missing from elsewhere is noted, everything is undone, what is missing is asked for, and all is run again.
import { stackKeyOf } from '../../config/keys.ts';
import type { DeployAnswer, DeployReport } from '../../definitions/deploy-answer.ts';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import { TemplateError } from '../../definitions/finding.ts';
import { settingsOfStack } from '../../definitions/stack-settings.ts';
import type { Transaction } from '../../store/store.ts';
import { badRequest } from '../../wire/errors.ts';
import { Deployment } from './deployment.ts';
import { sayOfStacks } from './functions/stack-findings.ts';
import { loadStack } from './load-stack.ts';
import { outsideFrom, Questions } from './questions.ts';
import { reportOf } from './report/deploy-report.ts';
import { sayOfHandMade } from './report/hand-made.ts';
import { requireName } from './stack-errors.ts';
import type { StackMeans } from './stack-means.ts';
import { StackRun } from './stack-run.ts';
import { storeReport } from './stored/store-stack.ts';

/** What one answer brings, another may be found missing in: a nested template that names one more. */
const MAX_ROUNDS = 20;

/** Throws ServiceErrors of who may not deploy. */
export async function deploy(request: DeployRequest, means: StackMeans): Promise<DeployAnswer> {
  requireName('stackName', request.stackName);
  const questions = new Questions();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const report = await runOnce(request, means, questions);
    if (report !== undefined) return report;
    const { files } = questions;
    if (files.length > 0) return { outcome: 'needs', files };
    await questions.answer();
  }
  throw badRequest(`What the definition needs of elsewhere is not complete after ${MAX_ROUNDS} rounds`);
}

/** Ends a transaction so that nothing of it stays. */
class RolledBack extends Error {
  readonly report: DeployReport;

  constructor(report: DeployReport) {
    super('nothing is kept');
    this.report = report;
  }
}

/** Undefined where something is missing. */
async function runOnce(
  request: DeployRequest,
  means: StackMeans,
  questions: Questions,
): Promise<DeployReport | undefined> {
  try {
    const report = await means.store.transact(async (tx) => {
      const made = await runInside(request, means, questions, tx);
      if (questions.areOpen || made.outcome === 'planned' || made.outcome === 'refused')
        throw new RolledBack(made);
      return made;
    });
    return report;
  } catch (error) {
    // What is missing may be why.
    if (questions.areOpen) return undefined;
    if (error instanceof RolledBack) return error.report;
    throw error;
  }
}

async function runInside(
  request: DeployRequest,
  means: StackMeans,
  questions: Questions,
  tx: Transaction,
): Promise<DeployReport> {
  const { store: _, stacks, allow, surroundings, ...context } = means;
  const deployment = await Deployment.begin({
    context: { ...context, tx, outside: outsideFrom(questions, context.outside ?? {}) },
    request,
    questions,
    settings: settingsOfStack(stacks, request.stackName),
    allow,
  });
  await requirePermission(request, deployment);
  for (const text of request.notes ?? []) deployment.findings.push({ severity: 'note', text });
  const run = await begun(request, deployment);
  if (run === undefined) return reportOf(deployment, undefined);
  const { name } = run.stack.source;
  await run.apply();
  if (!deployment.isRefused) await sayOfStacks(deployment, run.all, surroundings);
  if (!deployment.isRefused) await run.finish();
  if (!deployment.isRefused) await run.store();
  if (!deployment.isRefused) await deployment.deployApis();
  if (!deployment.isRefused) await sayOfHandMade(deployment, run.all);
  const report = await reportOf(deployment, run);
  if (report.outcome === 'deployed') await storeReport(deployment, name, report);
  return report;
}

/** Who may not deploy is told nothing of what a template comes to. */
async function requirePermission(
  { stackName }: DeployRequest,
  { allow, context }: Deployment,
): Promise<void> {
  if (allow === undefined) return;
  const before = await context.tx.get(stackKeyOf(context, stackName));
  allow(before === undefined ? 'CreateStack' : 'UpdateStack', { StackName: stackName });
}

/** Undefined where the template cannot be used: the findings say why. */
async function begun(request: DeployRequest, deployment: Deployment): Promise<StackRun | undefined> {
  const { stackName, template, directory, source, parameters = {}, defaults = {}, tags = {} } = request;
  try {
    const stack = await loadStack(deployment, {
      name: stackName,
      prefix: '',
      parent: undefined,
      template,
      directory,
      origin: source ?? template.name,
      given: parameters,
      defaults,
      tags,
      isProtected: request.terminationProtection === true,
    });
    return new StackRun(deployment, stack);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    deployment.findings.push(...error.findings);
    deployment.summary = error.summary;
    return undefined;
  }
}
