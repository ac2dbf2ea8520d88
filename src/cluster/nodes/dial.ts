// Dials another node once: TLS, then who both are.
import { connect } from 'node:tls';
import { messageOf } from '../../defect.ts';
import { Channel, type ChannelHandlers, type ChannelLimits } from '../../net/channel/channel.ts';
import { type Hello, parseHello, printHello, refusalOf } from './hello.ts';
import type { LinkSecurity } from './link-security.ts';
import { HELLO, READY } from './protocol.ts';

/** A node that can be dialled. */
export interface Peer {
  readonly incarnation: number;
  readonly number: number;
  /** `HOST:PORT`. */
  readonly address: string;
}

export interface DialMeans {
  readonly peer: Peer;
  readonly me: Hello;
  readonly security: LinkSecurity;
  readonly limits: ChannelLimits;
  readonly handlers: ChannelHandlers;
  readonly signal: AbortSignal;
}

const DIAL_MILLIS = 5_000;

const STRANGERS = 'It does not know the secret of this node: cluster.secret is to be the same on all nodes.';

/** In words of settings, where OpenSSL has words of its own. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code === 'ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY' ? STRANGERS : messageOf(error);
}

/** Rejects with an Error whose message says why there is no link. `onEnd` of the handlers comes only after it has resolved. */
export function dial({ peer, me, security, limits, handlers, signal }: DialMeans): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const colon = peer.address.lastIndexOf(':');
    const host = peer.address.slice(0, colon).replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(peer.address.slice(colon + 1)), ...security.client });
    let isReady = false;
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(why));
    };
    const timer = setTimeout(() => fail(`It did not answer within ${DIAL_MILLIS / 1_000} s.`), DIAL_MILLIS);
    socket.on('error', (error) => fail(reasonOf(error)));
    socket.on('close', () => fail('It ended the connection.'));
    const stop = (): void => fail('The node is not wanted any more.');
    signal.addEventListener('abort', stop);
    socket.once('close', () => signal.removeEventListener('abort', stop));
    socket.once('secureConnect', () => {
      const channel = new Channel(
        socket,
        {
          onAsk: (kind, body, asker) => {
            if (!isReady) throw new Error('There is no link yet.');
            return handlers.onAsk(kind, body, asker);
          },
          onTell: (kind, body) => {
            if (isReady) handlers.onTell(kind, body);
          },
          onEnd: () => {
            if (isReady) handlers.onEnd();
            socket.destroy();
          },
        },
        limits,
      );
      channel.ask(HELLO, printHello(me)).then(
        (body) => {
          const hello = parseHello(body);
          if (typeof hello === 'string') return fail(hello);
          const refusal =
            refusalOf(me, hello) ??
            (hello.incarnation === peer.incarnation ? undefined : 'Another node answers at its address.');
          if (refusal !== undefined) return fail(refusal);
          clearTimeout(timer);
          isReady = true;
          channel.tell(READY, '');
          resolve(channel);
        },
        (error: unknown) => fail(messageOf(error)),
      );
    });
  });
}
