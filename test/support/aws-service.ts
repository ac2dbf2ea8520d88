// An AWS service for the SDK to call: records what its serialisers wrote, in readable form, and answers what a test
// scripts.
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServiceRequest {
  /** `SendMessage`; of REST services the start of the request line: `GET /applications/a`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the signature: `us-east-1/sqs`. */
  readonly scope: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ServiceReply {
  /** 200 where there is none. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** `silent`: never answers; `end`: ends the connection. */
export type Script = ServiceReply | 'silent' | 'end';

export interface AwsService {
  readonly url: string;
  /** Since the last `script`. */
  readonly requests: readonly ServiceRequest[];
  /** What the next requests are answered with: the last of several stays. Forgets the requests recorded so far. */
  script(...replies: readonly Script[]): void;
  /** Resolves with the next request. */
  nextRequest(): Promise<void>;
  /** Resolves when the client goes away from the next request that is not answered. */
  nextAbandoned(): Promise<void>;
  close(): Promise<void>;
}

export async function startAwsService(): Promise<AwsService> {
  const requests: ServiceRequest[] = [];
  let replies: readonly Script[] = [{}];
  const events = new EventEmitter();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const reply = replies[Math.min(requests.length, replies.length - 1)]!;
    requests.push({
      ...read(request.method!, request.url!, request.headers, Buffer.concat(chunks).toString('utf8')),
      scope: /Credential=[^/]+\/\d+\/([^/]+\/[^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '',
      headers: request.headers,
    });
    events.emit('request');
    if (reply === 'silent') return void response.on('close', () => events.emit('abandoned'));
    if (reply === 'end') return void request.socket.destroy();
    response.writeHead(reply.status ?? 200, reply.headers ?? {}).end(reply.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script(...next) {
      requests.length = 0;
      replies = next.length === 0 ? [{}] : next;
    },
    async nextRequest() {
      await once(events, 'request');
    },
    async nextAbandoned() {
      await once(events, 'abandoned');
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function read(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: string,
): Pick<ServiceRequest, 'operation' | 'input'> {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { operation: target.split('.').at(-1)!, input: JSON.parse(body) };
  const { Action, Version: _, ...input } = Object.fromEntries(new URLSearchParams(body));
  return Action === undefined ? { operation: `${method} ${url}`, input: {} } : { operation: Action, input };
}
