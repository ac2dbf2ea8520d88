// A connect request, or a message of a connection that is made for it, that is served in order to tell what becomes of it, as plain data.
import type { LambdaAuthorization } from '../../stage/authorization.ts';

export interface ExplainedSocket {
  /** Absolute, ws or wss; its host and path select the stage. */
  readonly url: string;
  /** Of the connect request: flat [name, value, …], latin1. */
  readonly headers: readonly string[];
  /** Without it the connect request is explained. */
  readonly message: string | undefined;
  /** Whether the connect request is served before the message. */
  readonly connects: boolean;
  readonly sourceIp: string | undefined;
  /** What the authorizer of a connection whose connect request is not served has returned. */
  readonly authorization: LambdaAuthorization | undefined;
}
