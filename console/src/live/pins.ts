// Requests that somebody wants to keep. The page has them until it goes, whatever the server forgets.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { call } from '../shell/client.ts';

const listeners = new Set<() => void>();
let pins: ReadonlyMap<string, RecordedRequest> = new Map();

export const subscribeToPins = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** By id, in the order in which they were pinned. */
export const currentPins = (): ReadonlyMap<string, RecordedRequest> => pins;

/** Rejects with a CallError where the server has it no more. */
export async function togglePin(id: string): Promise<void> {
  const next = new Map(pins);
  if (!next.delete(id)) {
    const request = await call<RecordedRequest>('GET', `/_postern/requests/${encodeURIComponent(id)}`);
    // Others may have been pinned meanwhile.
    set(new Map([...pins, [id, request]]));
    return;
  }
  set(next);
}

function set(next: ReadonlyMap<string, RecordedRequest>): void {
  pins = next;
  for (const listener of listeners) listener();
}
