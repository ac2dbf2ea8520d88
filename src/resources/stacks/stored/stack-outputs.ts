// Outputs and exports of a stack (spec/definitions.md §3.5).
import { exportsOf, stacksOf } from '../../../config/keys.ts';
import type { OutputValue } from '../../../definitions/deploy-answer.ts';
import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import { TemplateError } from '../../../definitions/finding.ts';
import { NotKnown } from '../../../definitions/scope.ts';
import type { Template, TemplateOutput } from '../../../definitions/template.ts';
import type { Context } from '../../context.ts';
import { listAll } from '../../document-list.ts';
import { notKnown, whyNotKnown } from '../apply/evaluated-properties.ts';
import type { Deployment } from '../deployment.ts';
import type { StackDocument } from './stack-document.ts';

export type Outputs = { readonly [name: string]: OutputValue };

/** The outputs that are there; what is wrong with one is among the findings of the deploy. */
export function outputsOf(
  { outputs }: Template,
  evaluation: Evaluation,
  deployment: Deployment,
  stackName: string,
): Outputs {
  const found: [string, OutputValue][] = [];
  for (const output of outputs.values()) {
    const where = { path: `Outputs.${output.name}` };
    try {
      if (output.condition !== undefined && !evaluation.condition(output.condition, where)) continue;
      found.push([output.name, outputOf(output, evaluation, deployment, stackName)]);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      deployment.findings.push(...error.findings);
    }
  }
  return Object.fromEntries(found);
}

function outputOf(
  { name, value, description, exportName, offset }: TemplateOutput,
  evaluation: Evaluation,
  deployment: Deployment,
  stackName: string,
): OutputValue {
  const path = `Outputs.${name}`;
  const texts = {
    ...textAs('description', description && evaluation.text(description, { path })),
    ...textAs('exportName', exportName && evaluation.text(exportName, { path })),
  };
  try {
    return { ...textAs('value', evaluation.text(value, { path })), ...texts };
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    const reason = whyNotKnown(error, stackName);
    const severity = exportName === undefined ? 'note' : 'warning';
    deployment.findings.push({
      severity,
      text: `The output ${name} needs ${notKnown(error, stackName)}`,
      path,
      offset,
    });
    return { reason, ...texts };
  }
}

function textAs<N extends string>(name: N, text: string | undefined): { readonly [K in N]?: string } {
  return (text === undefined ? {} : { [name]: text }) as { readonly [K in N]?: string };
}

/** Brings the exports of the account and region from what a stack had to what it has. What is refused is among the findings. */
export async function writeExports(
  deployment: Deployment,
  stackName: string,
  before: Outputs,
  after: Outputs,
  template: Template | undefined,
): Promise<void> {
  const { context, exports, findings } = deployment;
  const collection = exportsOf(context);
  const had = exportsIn(before);
  const has = exportsIn(after);
  for (const [name, { value, output }] of has) {
    const other = exports.get(name);
    const place = { path: `Outputs.${output}`, offset: template?.outputs.get(output)?.offset };
    if (other !== undefined && other.Stack !== stackName) {
      const text = `Export with name ${name} is already exported by stack ${other.Stack}`;
      findings.push({ severity: 'error', text, ...place });
    } else if (other?.Value !== value) {
      const user = other && (await userOf(context, name, stackName));
      if (user !== undefined) {
        const text = `Export ${name} cannot be updated as it is in use by ${user}`;
        findings.push({ severity: 'error', text, ...place });
      }
      exports.set(name, { Stack: stackName, Value: value });
      await context.tx.put([...collection, name], { Stack: stackName, Value: value });
    }
  }
  for (const name of had.keys()) {
    if (has.has(name)) continue;
    const user = await userOf(context, name, stackName);
    if (user !== undefined) {
      const text = `Export ${name} cannot be deleted as it is in use by ${user}`;
      findings.push({ severity: 'error', text });
    }
    exports.delete(name);
    await context.tx.delete([...collection, name]);
  }
}

/** A value that is not known cannot be imported. */
function exportsIn(
  outputs: Outputs,
): ReadonlyMap<string, { readonly value: string; readonly output: string }> {
  return new Map(
    Object.entries(outputs).flatMap(([output, { exportName, value }]) =>
      exportName === undefined || value === undefined ? [] : [[exportName, { value, output }] as const],
    ),
  );
}

/** Another stack that imports a value. */
async function userOf(context: Context, name: string, stackName: string): Promise<string | undefined> {
  const stacks = await listAll<StackDocument>(context.tx, stacksOf(context));
  return stacks.find((stack) => stack.StackName !== stackName && stack.Imports.includes(name))?.StackName;
}
