// Errors of CloudFormation that stacks and its door raise.
import { ServiceError } from '../../wire/errors.ts';

export function validationError(text: string): ServiceError {
  return new ServiceError('ValidationError', 400, text);
}

export function stackNotThere(name: string): ServiceError {
  return validationError(`Stack with id ${name} does not exist`);
}
