// Functions that APIs of a deploy call and no stack has (spec/definitions.md §7.1.2): a template may name any by its ARN.
import { functionKeyOf } from '../../../config/keys.ts';
import type { Finding } from '../../../definitions/finding.ts';
import type { FunctionArn } from '../../../grammar/arn.ts';
import { printFunctionArn } from '../../../grammar/function-name.ts';
import type { Deployment } from '../deployment.ts';
import { type FunctionCall, listedNames } from './function-calls.ts';
import type { MadeStack } from './stack-findings.ts';

/** One warning for each that nobody answers for. `isAnswered` tells of who answers besides stacks. */
export async function strangeFunctions(
  { context, breath }: Deployment,
  stacks: readonly MadeStack[],
  calls: readonly FunctionCall[],
  isAnswered: (arn: FunctionArn) => boolean,
): Promise<readonly Finding[]> {
  const strange = new Map<string, FunctionCall[]>();
  for (const call of calls) {
    await breath.draw();
    const { function: arn } = call;
    if (isAnswered(arn) || (await context.tx.get(functionKeyOf(arn, arn.name))) !== undefined) continue;
    const text = printFunctionArn(arn);
    strange.set(text, [...(strange.get(text) ?? []), call]);
  }
  return Array.from(strange, ([arn, of]) => {
    const callers = listedNames(of.map(({ from }) => from));
    const text = `${arn} is not here: ${callers} will answer 500 until functions of postern.yaml names code for it, or lambda.functions an endpoint`;
    return { severity: 'warning', text, ...placeOf(of[0]!, stacks) };
  });
}

/** The resource that names the function; the API, where its body does. */
function placeOf(
  { uri, apiId }: FunctionCall,
  stacks: readonly MadeStack[],
): Pick<Finding, 'logicalId' | 'type' | 'offset'> {
  for (const { stack, written } of stacks) {
    const all = [...written.values()];
    const found =
      all.find(({ Properties }) => Properties.IntegrationUri === uri || Properties.AuthorizerUri === uri) ??
      all.find(({ PhysicalId }) => PhysicalId === apiId);
    const resource = found && stack.resources.get(found.LogicalId);
    if (resource === undefined) continue;
    const { logicalId, type, offset } = resource;
    return { logicalId: stack.source.prefix + logicalId, type, offset };
  }
  return {};
}
