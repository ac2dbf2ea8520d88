// The phases of a fast connection: what the next byte read is.
//
//              #beginRequest: no body, or all of it is there
//   ┌──────┐ ──────────────────────────────────────────────────────────▶ ┌──────────┐ takeOver ┌────────┐
//   │ HEAD │ #beginRequest: more is to come ┌──────┐ #takeBody: its end  │ COMPLETE │ ───────▶ │ CLOSED │
//   └──────┘ ─────────────────────────────▶ │ BODY │ ──────────────────▶ └──────────┘          └────────┘
//       ▲                                   └──────┘                          │
//       └──────────────── #next: the reply is complete too ───────────────────┘
//
//   HEAD, BODY, COMPLETE ── #shutdown ──▶ LINGER
//       A head that #refuse answers; a body or a defect that #fail answers; behind the last reply (#next, onReplyDone); drain,
//       or the client's end of its side (#advance), while no request is in flight.
//   all of them ── onClose ──▶ CLOSED
//       The socket is closed: by the client, by breakReply, by destroy of a phase that isLate.
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
