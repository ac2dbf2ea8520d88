// Options of the command line that say what is deployed, and with which values.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../settings/usage-error.ts';
import type { DefinitionOptions } from '../../sources/stack-requests.ts';
import type { Given } from '../read-options.ts';

/** Throws UsageError. */
export function definitionOf({ flags, switches, repeated, operands }: Given, cwd: string): DefinitionOptions {
  const app = flags.get('app');
  const file = flags.get('template-file');
  if (app !== undefined) requireDirectory(app, cwd);
  if (app !== undefined && file !== undefined) {
    throw new UsageError('--app and --template-file both say what is deployed: leave one out.');
  }
  const named = app ?? file;
  const [source, ...names] = named === undefined ? operands : [named, ...operands];
  return {
    ...{ source, cwd, names },
    all: switches.has('all'),
    exclusively: switches.has('exclusively'),
    stackName: flags.get('stack-name'),
    account: flags.get('account-id'),
    region: flags.get('region'),
    parameterOverrides: repeated.get('parameter-overrides') ?? [],
    parameters: repeated.get('parameters') ?? [],
    tags: repeated.get('tags') ?? [],
    variablesFile: flags.get('env-vars'),
    samConfigFile: flags.get('config-file'),
    samConfigEnvironment: flags.get('config-env'),
  };
}

/** The CDK takes a command too, which synthesises. */
function requireDirectory(app: string, cwd: string): void {
  if (statSync(resolve(cwd, app), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UsageError(
    `--app is ${JSON.stringify(app)}: it is the directory of a cloud assembly. Synthesise first ("npx cdk synth"), then "postern deploy cdk.out", or keep both going with postern dev cdk.out --build "npx cdk synth".`,
  );
}
