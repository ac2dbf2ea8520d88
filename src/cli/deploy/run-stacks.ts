// `postern stacks` and `postern stacks NAME` (spec/definitions.md §1.1.4).
import type { StackDescription, StackSummary } from '../../definitions/stack-description.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { doorOf } from '../management-call.ts';
import type { Given } from '../read-options.ts';
import { printStack, printStacks } from './print-stacks.ts';
import type { StackCommandMeans } from './run-stack-command.ts';
import { askStacks } from './stacks-door.ts';

/** Returns the exit code. Throws UsageError and CommandError. */
export async function runStacks(
  { flags, switches, operands }: Given,
  { settings, environment, output, paint }: StackCommandMeans,
): Promise<number> {
  const [name, ...more] = operands;
  if (more.length > 0) throw new UsageError('postern stacks takes the name of one stack, or none.');
  const door = doorOf(settings, environment, flags.get('endpoint'));
  const place = { account: flags.get('account-id'), region: flags.get('region') };
  const print = (value: unknown, text: string) =>
    output.write(switches.has('json') ? `${JSON.stringify(value, undefined, 2)}\n` : text);
  if (name === undefined) {
    const path = '/_postern/stacks';
    const { stacks } = await askStacks<{ stacks: readonly StackSummary[] }>(door, place, {
      method: 'GET',
      path,
    });
    print(stacks, printStacks(stacks, Date.now(), paint));
    return 0;
  }
  const path = `/_postern/stacks/${encodeURIComponent(name)}`;
  const stack = await askStacks<StackDescription>(door, place, { method: 'GET', path });
  print(stack, printStack(stack, paint));
  return 0;
}
