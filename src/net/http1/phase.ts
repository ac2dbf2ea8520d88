// The phases of a fast connection: what the next byte read is.
export const HEAD = 0;
export const BODY = 1;
/** Of a later request: this one has been read and its reply is not complete. */
export const COMPLETE = 2;
/** Of no interest: we have ended our side and wait for the client to end its own. */
export const LINGER = 3;
export const CLOSED = 4;
