// What it takes to try a draft of an HTTP API's integration on one request, as plain data.
import type { FrozenApi } from '../../config/frozen.ts';
import type { DraftBackend } from '../../stage/draft-backend.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { ExplainedRequest } from './explained-request.ts';

type Document = FrozenApi['Api'];

export interface DraftRun {
  readonly stage: StageIdentity;
  readonly api: Document;
  readonly route: Document;
  readonly integration: Document;
  /** The route's, asked in a real call. */
  readonly authorizer: Document | undefined;
  readonly request: ExplainedRequest;
  readonly backend: DraftBackend;
}
