// `postern delete NAME` (spec/definitions.md §11.6).
import type { DeployReport } from '../../definitions/deploy-answer.ts';
import type { StackDescription } from '../../definitions/stack-description.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { CommandError } from '../command-error.ts';
import { doorOf } from '../management-call.ts';
import type { Given } from '../read-options.ts';
import { printReport } from './print-report.ts';
import { confirmed } from './question.ts';
import type { StackCommandMeans } from './run-stack-command.ts';
import { askStacks } from './stacks-door.ts';

/** Returns the exit code. Throws UsageError and CommandError. */
export async function runDelete(
  { flags, switches, operands }: Given,
  means: StackCommandMeans,
): Promise<number> {
  const [name, ...more] = operands;
  if (name === undefined || more.length > 0) {
    throw new UsageError('postern delete takes the name of a stack, for example: postern delete pets');
  }
  const door = doorOf(means.settings, means.environment, flags.get('endpoint'));
  const place = { account: flags.get('account-id'), region: flags.get('region') };
  const path = `/_postern/stacks/${encodeURIComponent(name)}`;
  if (!switches.has('yes') && !switches.has('force')) {
    const { resources } = await askStacks<StackDescription>(door, place, { method: 'GET', path });
    const count = `${resources.length} resource${resources.length === 1 ? '' : 's'}`;
    if (!(await confirmed(`Delete the stack ${name} with ${count}?`, means))) {
      throw new CommandError('Nothing was deleted.');
    }
  }
  const query: Record<string, string> = switches.has('force') ? { force: 'true' } : {};
  const report = await askStacks<DeployReport>(door, place, { method: 'DELETE', path, query });
  means.output.write(
    switches.has('json') ? `${JSON.stringify(report, undefined, 2)}\n` : printReport(report, means.paint),
  );
  return 0;
}
