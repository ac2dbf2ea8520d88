// Lambda's Invoke API as a small HTTP server that records events and answers what a test scripts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedInvocation {
  /** As in the URL, decoded: a name or an ARN. */
  readonly functionName: string;
  readonly qualifier: string | undefined;
  /** X-Amz-Invocation-Type. */
  readonly type: string | undefined;
  readonly headers: IncomingMessage['headers'];
  /** The payload as text. */
  readonly event: string;
}

export type InvokeAnswer =
  | {
      /** JSON text, or anything; nothing where it is not there. */
      readonly payload?: string | Buffer;
      /** X-Amz-Function-Error. */
      readonly functionError?: 'Unhandled' | 'Handled';
      /** Of the Invoke call. */
      readonly status?: number;
      /** X-Amzn-ErrorType of a status that is an error. */
      readonly errorType?: string;
    }
  /** Answers never; the connection stays. */
  | 'silent'
  /** Ends the connection without an answer. */
  | 'end';

/** Answers by the event. */
export type AnswerOf = (event: string, functionName: string) => InvokeAnswer | Promise<InvokeAnswer>;

export interface InvokeServer {
  /** Base URL. */
  readonly endpoint: string;
  /** Calls since the last `script`. */
  readonly invocations: readonly RecordedInvocation[];
  /** What the next calls are answered with: the last of several stays. Forgets the calls recorded so far. */
  script(...answers: readonly (InvokeAnswer | AnswerOf)[]): void;
  close(): Promise<void>;
}

/** The x-amzn-requestid of every answer. */
export const AWS_REQUEST_ID = '8f5a2c1e-0000-4000-8000-000000000001';

export const OK_INVOKED: InvokeAnswer = { payload: '{"statusCode":200,"body":"ok"}' };

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations(?:\?(.*))?$/;

export async function startInvokeServer(): Promise<InvokeServer> {
  const invocations: RecordedInvocation[] = [];
  let answers: readonly (InvokeAnswer | AnswerOf)[] = [OK_INVOKED];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const found = PATH.exec(request.url ?? '');
      if (request.method !== 'POST' || found === null) {
        response.writeHead(404).end('{"Message":"no such path"}');
        return;
      }
      const answer = answers[Math.min(invocations.length, answers.length - 1)]!;
      const functionName = decodeURIComponent(found[1]!);
      const event = Buffer.concat(chunks).toString('utf8');
      invocations.push({
        functionName,
        qualifier: new URLSearchParams(found[2] ?? '').get('Qualifier') ?? undefined,
        type: request.headers['x-amz-invocation-type'] as string | undefined,
        headers: request.headers,
        event,
      });
      if (typeof answer !== 'function') reply(response, answer);
      else void Promise.resolve(answer(event, functionName)).then((made) => reply(response, made));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invocations,
    script(...next) {
      invocations.length = 0;
      answers = next.length === 0 ? [OK_INVOKED] : next;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function reply(response: ServerResponse, answer: InvokeAnswer): void {
  if (answer === 'silent') return;
  if (answer === 'end') {
    response.destroy();
    return;
  }
  const { payload = '', functionError, status = 200, errorType } = answer;
  response.writeHead(status, {
    'x-amzn-requestid': AWS_REQUEST_ID,
    ...(functionError === undefined ? {} : { 'x-amz-function-error': functionError }),
    ...(errorType === undefined ? {} : { 'x-amzn-errortype': errorType }),
  });
  response.end(payload);
}
