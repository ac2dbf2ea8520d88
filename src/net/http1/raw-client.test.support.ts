// For tests: a listener that records the requests it serves, a client that sends bytes as they are.
import { connect, type Socket } from 'node:net';
import type { Exchange } from '../exchange.ts';
import { createListener, type Listener } from '../listener/listener.ts';
import type { HttpLimits } from './limits.ts';

export const CODECS = ['fast', 'reference'] as const;
export type Codec = (typeof CODECS)[number];

export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: readonly string[];
  /** latin1; undefined when it did not arrive completely. */
  readonly body: string | undefined;
}

export interface Recorder {
  readonly port: number;
  readonly seen: SeenRequest[];
  readonly listener: Listener;
}

/** Serves every request, once its body has arrived, with 200 and `method target body`. */
export async function startRecorder(codec: Codec, limits: Partial<HttpLimits> = {}): Promise<Recorder> {
  const seen: SeenRequest[] = [];
  const listener = createListener({
    codec,
    limits,
    onExchange(exchange) {
      const { method, target, host } = exchange;
      exchange.body.read(100_000_000, (body) => {
        const text = body?.toString('latin1');
        seen.push({ method, target, host, headers: exchange.headers.pairs(), body: text });
        exchange.send(200, 'X-Served: yes\r\n', `${method} ${target} ${text}`);
      });
    },
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  return { port, seen, listener };
}

/** A listener for one test, which serves with `serve`. */
export async function startListener(
  codec: Codec,
  serve: (exchange: Exchange) => void,
  limits: Partial<HttpLimits> = {},
): Promise<Recorder> {
  const listener = createListener({ codec, limits, onExchange: serve });
  const { port } = await listener.listen('127.0.0.1', 0);
  return { port, seen: [], listener };
}

export interface RawReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends pieces one after the other, each in a turn of the event loop of its own, ends its side, and returns all that
 *  came back when the server has ended its own. */
export function sendRaw(port: number, pieces: readonly string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
  let next = 0;
  const sendNext = (): void => {
    if (socket.destroyed) return;
    if (next === pieces.length) socket.end();
    else {
      socket.write(pieces[next++]!, 'latin1');
      setImmediate(sendNext);
    }
  };
  socket.on('connect', sendNext);
  return received(socket);
}

/** All that comes until the connection ends, in whatever way. */
export function received(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(text));
  });
}

/** Resolves with what has come as soon as it satisfies `isEnough`, or when the connection ends. */
export function receivedUntil(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const onData = (data: Buffer): void => {
      text += data.toString('latin1');
      if (!isEnough(text)) return;
      socket.removeListener('data', onData);
      resolve(text);
    };
    socket.on('data', onData);
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

/** Reads replies one after the other, by their framing. `methods` tells which are replies to HEAD. */
export function parseReplies(text: string, methods: readonly string[] = []): RawReply[] {
  const replies: RawReply[] = [];
  for (let at = 0; at < text.length; ) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    if (headEnd < 0) throw new Error(`no reply head in ${JSON.stringify(text.slice(at, at + 80))}`);
    const [startLine, ...lines] = text.slice(at, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(startLine!)?.[1] ?? Number.NaN);
    const headers = new Map(lines.map((line) => split(line)));
    at = headEnd + 4;
    if (status === 100) continue;
    let body = '';
    const isBodiless = methods[replies.length] === 'HEAD' || status === 204 || status === 304;
    if (headers.get('transfer-encoding') === 'chunked' && !isBodiless) {
      for (let size = -1; size !== 0; ) {
        const lineEnd = text.indexOf('\r\n', at);
        size = Number.parseInt(text.slice(at, lineEnd), 16);
        if (lineEnd < 0 || Number.isNaN(size)) throw new Error('the chunked reply is cut off');
        body += text.slice(lineEnd + 2, lineEnd + 2 + size);
        at = lineEnd + 2 + size + 2;
      }
    } else if (!isBodiless) {
      const length = headers.get('content-length');
      const end = length === undefined ? text.length : at + Number(length);
      body = text.slice(at, end);
      at = end;
    }
    replies.push({ status, headers, body });
  }
  return replies;
}

function split(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
}
