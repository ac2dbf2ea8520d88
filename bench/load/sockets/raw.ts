// WebSocket connections of the load generator: bytes and as little else as can be, so that the servers are what is measured.
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { TRUST } from '../certificate.ts';

export interface Server {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  /** Over TLS. */
  readonly secure?: boolean;
  /** Of the client: one has ports for some 28,000 connections. */
  readonly localAddress?: string;
}

/** A masked text frame of less than 64 KB. The mask is 0, as the work of unmasking is the same. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x81;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  // A mask of zeros would be skipped.
  const mask = head.subarray(long ? 4 : 2);
  mask.set([0x11, 0x22, 0x33, 0x44]);
  return Buffer.concat([head, payload.map((byte, i) => byte ^ mask[i % 4]!)]);
}

/** A close frame with 1000. */
export const CLOSE = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);

/** Resolves with the connection once it is upgraded, or with the head of what was answered instead. Rejects where nothing was. */
export function attempt(server: Server): Promise<Socket | string> {
  const { port, host, path, secure = false, localAddress } = server;
  return new Promise((resolve, reject) => {
    const to = {
      ...{ port, host: '127.0.0.1', noDelay: true },
      ...(localAddress === undefined ? {} : { localAddress }),
    };
    const socket = secure ? connectSecurely({ ...to, ...TRUST, minVersion: 'TLSv1.3' }) : connect(to);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    const onData = (data: Buffer): void => {
      const text = data.toString('latin1');
      socket.removeListener('data', onData);
      socket.removeListener('error', reject);
      socket.removeListener('close', onClose);
      if (text.startsWith('HTTP/1.1 101 ') && text.endsWith('\r\n\r\n')) resolve(socket);
      else {
        socket.on('error', () => {}).destroy();
        resolve(text);
      }
    };
    const onClose = (): void => reject(new Error('closed without an answer'));
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', onClose);
  });
}

/** Resolves with the connection once it is upgraded. */
export async function open(server: Server): Promise<Socket> {
  const got = await attempt(server);
  if (typeof got === 'string') throw new Error(`no upgrade: ${got.slice(0, 300)}`);
  return got;
}

/** Opens many, some at a time; tells how many milliseconds each took. */
export async function openMany(
  server: Server,
  count: number,
  tell: (millis: number) => void = () => {},
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  const worker = async (): Promise<void> => {
    while (sockets.length < count) {
      const at = sockets.push(undefined as unknown as Socket) - 1;
      const from = performance.now();
      sockets[at] = await open(server);
      tell(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Math.min(64, count) }, worker));
  return sockets;
}

/** Calls back with the text of each frame that comes; frames of less than 64 KB. */
export function onText(socket: Socket, take: (text: string) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    for (;;) {
      if (rest.length < 2) return;
      const long = rest[1] === 126;
      if (long && rest.length < 4) return;
      const start = long ? 4 : 2;
      const end = start + (long ? rest.readUInt16BE(2) : rest[1]!);
      if (rest.length < end) return;
      if (rest[0] === 0x81) take(rest.toString('utf8', start, end));
      rest = rest.subarray(end);
    }
  });
}
