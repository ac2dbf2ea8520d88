// What is kept of a message that was sent to a client through /_postern/connections: told as a call of @connections is.
import type { Trace } from '../../http-api/explain/trace.ts';
import { nextRequestId } from '../../net/request-id.ts';
import type { RequestSummary } from '../../stage/request-summary.ts';
import type { SentPost } from '../../websocket-api/connections/open-connections.ts';
import { shownBody } from '../../websocket-api/explain/shown-body.ts';
import type { Kept } from './kept.ts';
import { recordedOf } from './kept-event.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** What an entry costs besides its message, about. */
const ENTRY_BYTES = 1_024;

export class KeptPost implements Kept {
  readonly id = nextRequestId();
  readonly kind = 'post';
  readonly routeKey = undefined;
  readonly status = 200;
  readonly headers = [];
  readonly identityNames = [];
  readonly bytes: number;
  readonly #post: SentPost;
  readonly #at = Date.now();

  constructor(post: SentPost) {
    this.#post = post;
    this.bytes = ENTRY_BYTES + 2 * post.data.length;
  }

  get accountId(): string {
    return this.#post.stage.accountId;
  }

  get apiId(): string {
    return this.#post.stage.apiId;
  }

  get stage(): string {
    return this.#post.stage.name;
  }

  /** The address is the client's: who has sent it was at another door. */
  summary(): RequestSummary {
    const { stage, connection, data } = this.#post;
    const { accountId, region, apiId, name } = stage;
    return {
      ...{ id: this.id, at: this.#at, kind: this.kind, accountId, region, apiId, stage: name },
      ...{ status: this.status, millis: 0, requestBytes: Buffer.byteLength(data), replyBytes: 0 },
      ...{ connectionId: connection.id, sourceIp: connection.sourceIp },
    };
  }

  recorded(): RecordedRequest {
    const { connection, data } = this.#post;
    const trace: Trace = {
      request: { method: 'POST', url: `/_postern/connections/${connection.id}`, headers: [] },
      requestId: this.id,
      requestMappings: [],
      responseMappings: [],
      reply: { status: this.status, headers: [], body: '', bodyBytes: 0 },
      millis: 0,
    };
    return { ...this.summary(), trace, requestBody: recordedOf(shownBody(data)) };
  }
}
