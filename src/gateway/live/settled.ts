// An entry that would keep much alive, told at once: what is left of it is one text.
import type { RequestKind, RequestSummary } from '../../stage/request-summary.ts';
import type { Kept } from './kept.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** Entries that keep more alive are told when they are recorded, in bytes. */
const LARGE_BYTES = 524_288;

/** What a line of a list takes. */
interface Line {
  readonly summary: RequestSummary;
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
  /** JSON, here and below. */
  readonly #line: string;
  readonly #recorded: string;

  constructor(kept: Kept) {
    this.id = kept.id;
    this.kind = kept.kind;
    this.accountId = kept.accountId;
    this.apiId = kept.apiId;
    this.stage = kept.stage;
    this.routeKey = kept.routeKey;
    this.status = kept.status;
    const line: Line = {
      summary: kept.summary(),
      headers: kept.headers,
      identityNames: kept.identityNames,
    };
    this.#line = JSON.stringify(line);
    this.#recorded = JSON.stringify(kept.recorded());
    this.bytes = 2 * (this.#line.length + this.#recorded.length);
  }

  get headers(): Kept['headers'] {
    return this.#told.headers;
  }

  get identityNames(): Kept['identityNames'] {
    return this.#told.identityNames;
  }

  summary(): RequestSummary {
    return this.#told.summary;
  }

  recorded(): RecordedRequest {
    return JSON.parse(this.#recorded);
  }

  get #told(): Line {
    return JSON.parse(this.#line);
  }
}
