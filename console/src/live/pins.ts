// Requests that somebody wants to keep. The page has them until it goes, whatever the server forgets.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { Followed } from '../parts/followed.ts';
import { call } from '../shell/client.ts';

/** By id, in the order in which they were pinned. */
export const pins = new Followed<ReadonlyMap<string, RecordedRequest>>(new Map());

/** Rejects with a CallError where the server has it no more. */
export async function togglePin(id: string): Promise<void> {
  const next = new Map(pins.current());
  if (!next.delete(id)) {
    const request = await call<RecordedRequest>('GET', `/_postern/requests/${encodeURIComponent(id)}`);
    // Others may have been pinned meanwhile.
    pins.set(new Map([...pins.current(), [id, request]]));
    return;
  }
  pins.set(next);
}
