// Short forms of what integrations return (stage.ts).
import { HeaderBlock } from '../../net/header-block.ts';
import type { SocketFailure } from '../failures.ts';
import type { SocketFailed } from '../stage.ts';

export const NO_HEADERS = HeaderBlock.fromPairs([]);
/** Of what is sent without any (SocketEvent.note). */
export const NO_SENT_HEADERS: ReadonlyMap<string, string> = new Map();

/** `error` is `$context.integration.error`; `detail` what is known beyond it. */
export function failed(failure: SocketFailure, error: string, detail?: string): SocketFailed {
  return { kind: 'failed', failure, error, detail };
}
