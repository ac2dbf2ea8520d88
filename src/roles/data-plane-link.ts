// What the control role asks of a data plane. Of what can change while the program runs every answer is a promise of plain
// data, so that the data plane may be in another process.
import type { Processes } from '../findings/processes.ts';
import type { DraftRun } from '../http-api/explain/draft-run.ts';
import type { ExplainedRequest } from '../http-api/explain/explained-request.ts';
import type { Trace } from '../http-api/explain/trace.ts';
import type { ConnectionsLink } from '../management/postern/connections-route.ts';
import type { Counts } from '../management/postern/metrics-route.ts';
import type { LiveDomain } from '../management/postern/overview-route.ts';
import type { RequestsSource } from '../management/postern/requests-route.ts';
import type { TruststoreReading } from '../net/tls/truststores.ts';
import type { StageStatus } from '../snapshot/published-stage.ts';
import type { ApiTraffic } from '../snapshot/traffic.ts';
import type { SocketDraftRun } from '../websocket-api/explain/draft-run.ts';
import type { ExplainedSocket } from '../websocket-api/explain/explained-socket.ts';
import type { SocketTrace } from '../websocket-api/explain/trace.ts';

export interface DataPlaneLink extends ConnectionsLink {
  /** Resolves with true once every change that is committed now is live, with false when that takes too long. */
  caughtUp(): Promise<boolean>;
  /** Why changes are not going live at present; undefined while they do. */
  trouble(): Promise<string | undefined>;
  /** How it stands with the processes that serve clients; takes two seconds at most. */
  processes(): Promise<Processes>;
  /** The same text for the same snapshot, in whichever process it is. */
  digest(): Promise<string>;
  /** How it stands with every stage. */
  stages(): Promise<readonly StageStatus[]>;
  /** What has been counted of calls and events. */
  counts(): Promise<Counts>;
  /** Calls of each API over the last minutes. */
  traffic(): Promise<readonly ApiTraffic[]>;
  /** Custom domains that are live. */
  domains(): Promise<readonly LiveDomain[]>;
  /** Serves a request for real and tells what became of it. A sentence says that it leads to what is of another account than
   *  `account`, where one is given. Throws TypeError when its URL is not absolute. */
  explain(request: ExplainedRequest, account: string | undefined): Promise<Trace | string>;
  /** The same for a WebSocket API: a connect request, or a message. A sentence says why the URL leads to no stage. */
  explainSocket(request: ExplainedSocket, account: string | undefined): Promise<SocketTrace | string>;
  /** Tries a draft of an integration; nothing that is live knows of it. */
  runDraft(run: DraftRun): Promise<Trace>;
  /** The same of a WebSocket API. */
  runSocketDraft(run: SocketDraftRun): Promise<SocketTrace>;
  /** What is kept of requests, for those who look (decision 0025). */
  readonly liveRequests: RequestsSource;
  /** Reads a truststore for a domain that names it (spec/http-api.md §10.2). Throws TruststoreError. */
  readTruststore(uri: string, version: string | undefined): Promise<TruststoreReading>;
  /** Whether the certificate of an ARN is for a domain name; undefined when the settings have none of this ARN. */
  certificateCovers(arn: string, domainName: string): boolean | undefined;
}
