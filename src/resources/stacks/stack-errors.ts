// Errors of CloudFormation that stacks and its door raise.
import { nameProblem } from '../../definitions/stack-name.ts';
import { ServiceError } from '../../wire/errors.ts';

export function validationError(text: string): ServiceError {
  return new ServiceError('ValidationError', 400, text);
}

/** Throws the ValidationError of a name that may not be. */
export function requireName(...named: Parameters<typeof nameProblem>): void {
  const problem = nameProblem(...named);
  if (problem !== undefined) throw validationError(problem);
}

export function stackNotThere(name: string): ServiceError {
  return validationError(`Stack with id ${name} does not exist`);
}
