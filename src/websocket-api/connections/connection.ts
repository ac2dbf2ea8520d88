// A client's connection as the API's events see it (spec/websocket-api.md §1.11, §3.3, §6.3).

import type { SpanPlace } from '../../backends/traces/span.ts';
import type { HeaderBlock } from '../../net/header-block.ts';
import type { IamAuthorization, LambdaAuthorization } from '../../stage/authorization.ts';
import type { Domain } from '../../stage/domain.ts';

/** What is known of a connection from its connect request on, until it ends. */
export interface Connection {
  /** 15 characters of URL-safe base64 and `=`; names the process that holds the socket (decision 0012). */
  readonly id: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly accountId: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly domain: Domain;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** What the authorizer found; constant once the connection is open. */
  authorization: LambdaAuthorization | IamAuthorization | undefined;
  /** The API key of the connect request, where one was required. */
  apiKey: { readonly value: string; readonly id: string } | undefined;
  /** The recorded span of the connect request, which those of later events link to. */
  connectSpan?: SpanPlace;
}

/** The upgrade request. */
export interface ConnectRequest {
  readonly headers: HeaderBlock;
  /** As sent, without `?`. */
  readonly query: string;
  /** Path and query as sent, and the Host value: what a signature is over. */
  readonly target: string;
  readonly host: string;
  /** `http` or `https`. */
  readonly scheme: string;
}
