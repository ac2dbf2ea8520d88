// The phases of a fast connection: what the next byte read is.
import type { HttpLimits } from './limits.ts';

export const HEAD = 0;
export const BODY = 1;
/** Of a later request: this one has been read and its reply is not complete. */
export const COMPLETE = 2;
/** Of no interest: we have ended our side and wait for the client to end its own. */
export const LINGER = 3;
export const CLOSED = 4;

/** Whether the phase has lasted too long. `waited` since its last progress, `inBody` since the body began; milliseconds. */
export function isLate(
  phase: number,
  headBegun: boolean,
  waited: number,
  inBody: number,
  limits: HttpLimits,
): boolean {
  switch (phase) {
    case HEAD:
      return waited > (headBegun ? limits.headMillis : limits.idleMillis);
    case BODY:
      return waited > limits.bodyPauseMillis || inBody > limits.bodyMillis;
    case LINGER:
      return waited > limits.lingerMillis;
    default:
      return false;
  }
}
