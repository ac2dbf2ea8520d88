// The settings of the command line's process. What reads them is loaded when needed.
import type { Environment, Settings } from '../settings/settings.ts';
import type { Flags } from './command-line.ts';

/** The settings that flags, environment and configuration file come to. Throws UsageError. */
export async function readSettings(flags: Flags): Promise<Settings> {
  const { environmentOfProcess, resolveSettings } = await import('../settings/settings.ts');
  return resolveSettings({ flags, environment: environmentOfProcess(), directory: process.cwd() });
}

/** Absolute path of the configuration file, if there is one. */
export async function fileOfSettings(flags: Flags): Promise<string | undefined> {
  const { configFileOf, environmentOfProcess } = await import('../settings/settings.ts');
  return configFileOf({ flags, environment: environmentOfProcess(), directory: process.cwd() });
}

export async function readEnvironment(): Promise<Environment> {
  const { environmentOfProcess } = await import('../settings/settings.ts');
  return environmentOfProcess();
}
