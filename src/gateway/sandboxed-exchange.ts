// An exchange whose reply is nobody's page: `Content-Security-Policy: sandbox` gives a document an origin of its own. It stands around what
// a browser asks of an API by the path form where the management door has the same origin, for a page of that origin could open a
// window of the console and use it (decision 0026).
import type { BodySink } from '../net/body.ts';
import type { Bytes } from '../net/bytes.ts';
import { ExchangeAround } from '../net/exchange-around.ts';

/** A policy besides that of the reply: what both allow is allowed. Windows that a sandboxed page opens are sandboxed too. */
const SANDBOX =
  'content-security-policy: sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads\r\n';

export class SandboxedExchange extends ExchangeAround {
  override send(status: number, headerLines: string, body: Bytes): void {
    super.send(status, headerLines + SANDBOX, body);
  }

  override stream(status: number, headerLines: string, length: number): BodySink {
    return super.stream(status, headerLines + SANDBOX, length);
  }
}
