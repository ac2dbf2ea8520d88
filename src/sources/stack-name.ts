// What a stack is called (spec/definitions.md §1.1.2).
import { basename, dirname } from 'node:path';
import { nameProblem } from '../definitions/stack-name.ts';
import { UsageError } from '../settings/usage-error.ts';

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
  const problem = nameProblem('stackName', name);
  if (problem !== undefined) throw new UsageError(problem);
}
