// Errors of CloudFormation's API, as its clients know them (spec/definitions.md §13.1).
import { ServiceError } from '../../wire/errors.ts';

export function changeSetNotThere(name: string): ServiceError {
  return new ServiceError('ChangeSetNotFound', 404, `ChangeSet [${name}] does not exist`);
}

export function changeSetFailed(id: string): ServiceError {
  const text = `ChangeSet [${id}] cannot be executed in its current status of [FAILED]`;
  return new ServiceError('InvalidChangeSetStatus', 400, text);
}

export function invalidAction(action: string, served: readonly string[]): ServiceError {
  return new ServiceError(
    'InvalidAction',
    400,
    `Could not find operation ${action} for version 2010-05-15: here are ${served.join(', ')}`,
  );
}

/** How errors of the management door are called here. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['AccessDeniedException', 'AccessDenied'],
  ['BadRequestException', 'ValidationError'],
  ['InternalServerException', 'InternalFailure'],
  ['InvalidSignatureException', 'SignatureDoesNotMatch'],
  ['UnrecognizedClientException', 'InvalidClientTokenId'],
  ['IncompleteSignatureException', 'IncompleteSignature'],
  ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  ['ServiceUnavailableException', 'ServiceUnavailable'],
  ['TooManyRequestsException', 'Throttling'],
]);

export function asQueryError(error: ServiceError): ServiceError {
  const code = CODES.get(error.code);
  if (code === undefined) return error;
  const { status, message, retryAfterSeconds } = error;
  const after = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new ServiceError(code, status, message, { cause: error, ...after });
}
