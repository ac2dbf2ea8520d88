// The SSM parameters that stacks of an account and region have (spec/definitions.md §3.1.7).
import { ssmParametersOf } from '../../../config/keys.ts';
import type { Deployment } from '../deployment.ts';

/** Makes those of a stack what they are to be, by name. */
export async function writeSsmParameters(
  { context, ssmParameters }: Deployment,
  stackName: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const collection = ssmParametersOf(context);
  for (const [name, Value] of values) {
    if (ssmParameters.get(name)?.Value === Value) continue;
    ssmParameters.set(name, { Stack: stackName, Value });
    await context.tx.put([...collection, name], { Stack: stackName, Value });
  }
  for (const [name, { Stack }] of ssmParameters) {
    if (Stack !== stackName || values.has(name)) continue;
    ssmParameters.delete(name);
    await context.tx.delete([...collection, name]);
  }
}
