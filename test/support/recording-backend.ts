// A backend on node:net that records requests byte for byte and answers what a test scripts, malformed things included.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { findHead, type HeaderLine, readBodyWithEnd, splitHead } from './raw-message.ts';

export interface RecordedRequest {
  /** `POST /base/a?b=c HTTP/1.1`. */
  readonly startLine: string;
  readonly headers: readonly HeaderLine[];
  /** latin1, without framing. */
  readonly body: string;
  /** Everything as it came, latin1. */
  readonly raw: string;
  /** Which connection of this backend it came on, from 0. */
  readonly connection: number;
}

/** Raw bytes to answer with, latin1; or what to do instead of answering. */
export type Answer =
  | string
  | { readonly send: string; readonly thenEnd: true }
  /** Ends the connection at once, without an answer. */
  | 'end'
  | 'reset'
  /** Answers never; the connection stays. */
  | 'silent';

export interface RecordingBackend {
  readonly port: number;
  /** Requests since the last `script`. */
  readonly requests: readonly RecordedRequest[];
  /** What the next requests are answered with: the last of several stays. Forgets the requests recorded so far. */
  script(...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

/** What a server without TLS says to a client that begins with it. */
const NO_TLS = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const TLS_HANDSHAKE = '\u0016';

export const OK_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

export async function startRecordingBackend(): Promise<RecordingBackend> {
  const requests: RecordedRequest[] = [];
  let answers: readonly Answer[] = [OK_ANSWER];
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = connections++;
    let buffer = '';
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      buffer += data.toString('latin1');
      if (buffer[0] === TLS_HANDSHAKE) return void socket.end(NO_TLS, 'latin1');
      for (;;) {
        const head = findHead(buffer, 0);
        if (head === undefined) return;
        const parts = splitHead(head.text);
        const read = readBodyWithEnd(buffer, head.end, parts.headers, 'empty');
        if (read === undefined) return;
        const answer = answers[Math.min(requests.length, answers.length - 1)]!;
        requests.push({ ...parts, body: read.body, raw: buffer.slice(0, read.end), connection });
        buffer = buffer.slice(read.end);
        reply(socket, answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    script(...next) {
      requests.length = 0;
      answers = next.length === 0 ? [OK_ANSWER] : next;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
}

function reply(socket: Socket, answer: Answer): void {
  if (answer === 'silent') return;
  if (answer === 'end') socket.end();
  else if (answer === 'reset') socket.resetAndDestroy();
  else if (typeof answer === 'string') socket.write(answer, 'latin1');
  else socket.end(answer.send, 'latin1');
}
