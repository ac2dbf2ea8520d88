// What becomes of a failure of the store in an answer: whether a client may try again on its own.
import type { StoreError } from '../store/store-error.ts';
import { internalError, notYetLive, type ServiceError, serviceUnavailable } from '../wire/errors.ts';

/** The answer. Nothing was kept where it says that a client may try again. */
export function storeFailure(error: StoreError): ServiceError {
  const { problem, message } = error;
  switch (problem) {
    case 'unreachable':
    case 'locked':
      return serviceUnavailable(message, { cause: error });
    // A second try might make a second resource.
    case 'unknown':
      return notYetLive(message);
    default:
      return internalError(message);
  }
}
