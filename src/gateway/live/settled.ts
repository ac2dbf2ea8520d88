// An entry that would keep much alive, told at once: what is left of it is one text.
import type { RequestKind, RequestSummary } from '../../stage/request-summary.ts';
import type { Kept } from './kept.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** Entries that keep more alive are told when they are recorded, in bytes. */
const LARGE_BYTES = 524_288;

interface Told {
  readonly recorded: RecordedRequest;
  readonly headers: Kept['headers'];
  readonly identityNames: Kept['identityNames'];
}

/** The entry as it may be kept. */
export function settled(kept: Kept): Kept {
  return kept.bytes <= LARGE_BYTES ? kept : new SettledEntry(kept);
}

class SettledEntry implements Kept {
  readonly id: string;
  readonly kind: RequestKind;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string | undefined;
  readonly status: number;
  readonly bytes: number;
  /** JSON. */
  readonly #text: string;

  constructor(kept: Kept) {
    this.id = kept.id;
    this.kind = kept.kind;
    this.accountId = kept.accountId;
    this.apiId = kept.apiId;
    this.stage = kept.stage;
    this.routeKey = kept.routeKey;
    this.status = kept.status;
    const told: Told = {
      recorded: kept.recorded(),
      headers: kept.headers,
      identityNames: kept.identityNames,
    };
    this.#text = JSON.stringify(told);
    this.bytes = 2 * this.#text.length;
  }

  get headers(): Kept['headers'] {
    return this.#told.headers;
  }

  get identityNames(): Kept['identityNames'] {
    return this.#told.identityNames;
  }

  summary(): RequestSummary {
    const { trace, requestBody, backendRequestBody, backendReplyBody, replyBody, ...summary } =
      this.#told.recorded;
    return summary;
  }

  recorded(): RecordedRequest {
    return this.#told.recorded;
  }

  get #told(): Told {
    return JSON.parse(this.#text);
  }
}
