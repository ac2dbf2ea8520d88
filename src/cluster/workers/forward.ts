// Hands a request that came to a worker and is the management door's to the primary: over its Unix socket, as it was sent.
import { type IncomingMessage, request } from 'node:http';
import type { BodySource } from '../../net/body.ts';
import type { Exchange } from '../../net/exchange.ts';
import { StreamSink } from '../../net/stream-sink.ts';
import { forwardedLine } from './forwarded-exchange.ts';

/** Of the reply: how its body is delimited is up to each connection. */
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);
const UNAVAILABLE = Buffer.from('{"message":"Service Unavailable"}');
const UNAVAILABLE_LINES =
  'content-type: application/json\r\nx-amzn-errortype: ServiceUnavailableException\r\n';

/** `path` is that of the primary's socket. */
export function forwardTo(path: string, exchange: Exchange): void {
  const { method, target, headers, body } = exchange;
  const sent = request({
    socketPath: path,
    method: methodBetween(method),
    path: target,
    // A list goes out as it is. A body of unknown length was in chunks, or came in frames of HTTP/2, which have no line for it.
    headers: [...forwardedLine(exchange), ...headers.pairs(), ...missingLines(exchange)],
    // One connection a request: none can be closed by the other side just when it is used.
    agent: false,
  });
  const give = (): void => {
    sent.destroy();
  };
  exchange.aborter = { abort: give };
  sent.on('response', (reply) => passOn(reply, exchange));
  sent.on('error', () => {
    if (!exchange.replied) exchange.send(503, UNAVAILABLE_LINES, UNAVAILABLE);
  });
  body.pipe(new StreamSink(sent, { onReplyDone: () => undefined, breakReply: give }, true, body.length));
}

/** Node sends `head` as HEAD, which is another method and has another reply: what the client said is in the worker's line. */
function methodBetween(method: string): string {
  return method === method.toUpperCase() ? method : 'POST';
}

/** What has to stand in a request of HTTP/1.1 and one of HTTP/2 has elsewhere. */
function missingLines({ headers, host, body }: Exchange): string[] {
  const lines: string[] = [];
  if (headers.first('host') === undefined) lines.push('host', host);
  if (headers.first('content-length') === undefined && headers.first('transfer-encoding') === undefined) {
    if (body.length > 0) lines.push('content-length', String(body.length));
    else if (body.length < 0) lines.push('transfer-encoding', 'chunked');
  }
  return lines;
}

function passOn(reply: IncomingMessage, exchange: Exchange): void {
  let lines = '';
  let length = -1;
  const { rawHeaders } = reply;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!FRAMING.has(name)) lines += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
    else if (name === 'content-length') length = Number(rawHeaders[i + 1]);
  }
  const sink = exchange.stream(reply.statusCode!, lines, length);
  const source: BodySource = { resume: () => void reply.resume(), cancel: () => void reply.destroy() };
  sink.begin(source);
  reply.on('data', (chunk: Buffer) => {
    if (!sink.write(chunk)) reply.pause();
  });
  reply.on('end', () => sink.end());
  reply.on('close', () => {
    if (!reply.complete) sink.abort('reset');
  });
}
