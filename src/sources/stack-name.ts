// What a stack is called (spec/definitions.md §1.1.2).
import { basename, dirname } from 'node:path';
import { UsageError } from '../settings/usage-error.ts';

const MAX_LENGTH = 128;

/** The name that a directory gives the stack of its template; empty where nothing of it may stand in one. */
export function stackNameOf(directory: string): string {
  return basename(directory)
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '');
}

/** A built SAM template is in a directory of the project that it was built of. */
export function projectOf(directory: string): string {
  const above = dirname(directory);
  return basename(directory) === 'build' && basename(above) === '.aws-sam' ? dirname(above) : directory;
}

/** Throws UsageError. */
export function requireStackName(name: string): void {
  if (name === '') throw new UsageError('The directory gives no name for the stack: say --stack-name NAME.');
  if (name.length <= MAX_LENGTH && /^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) return;
  throw new UsageError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}
