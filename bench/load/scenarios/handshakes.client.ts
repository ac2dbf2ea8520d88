// A client process of the handshakes scenario: connections that each shake hands, send the mapped GET once, and end. Prints
// what it counted as one line of JSON. Argument: a JSON of `HandshakeOptions`.
import { connect } from 'node:tls';
import { TRUST } from '../certificate.ts';

export interface HandshakeOptions {
  readonly port: number;
  /** The request's bytes; it asks for the connection's end. */
  readonly request: string;
  /** What the reply begins with. */
  readonly begins: string;
  /** Every handshake but a connection's first resumes a session; else none does. */
  readonly resumed: boolean;
  readonly connections: number;
  readonly seconds: number;
}

export interface Handshakes {
  readonly handshakes: number;
  readonly seconds: number;
}

const { port, request, begins, resumed, connections, seconds }: HandshakeOptions = JSON.parse(
  process.argv[2]!,
);

/** One connection. Resolves with the newest ticket the server gave. */
function shakeHands(session: Buffer | undefined): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let ticket: Buffer | undefined;
    let reply = '';
    const socket = connect({
      ...{ host: '127.0.0.1', port, ...TRUST, minVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'] },
      ...(session === undefined ? {} : { session }),
    });
    socket.on('session', (given) => {
      ticket = given;
    });
    socket.on('secureConnect', () => {
      if (socket.isSessionReused() !== (session !== undefined))
        reject(new Error(session === undefined ? 'a session was resumed' : 'the session was not resumed'));
      socket.write(request);
    });
    socket.on('data', (data) => {
      reply += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (reply.startsWith(begins)) resolve(ticket);
      else reject(new Error(`the reply is ${reply.slice(0, 200)}`));
    });
  });
}

let handshakes = 0;
const startedAt = performance.now();
const worker = async (): Promise<void> => {
  let session: Buffer | undefined;
  while (performance.now() - startedAt < seconds * 1000) {
    const ticket = await shakeHands(resumed ? session : undefined);
    // Not every server gives a new ticket with each resumption.
    session = ticket ?? session;
    if (resumed && session === undefined) throw new Error('the server gave no ticket');
    handshakes++;
  }
};
await Promise.all(Array.from({ length: connections }, worker));
const counted: Handshakes = { handshakes, seconds: (performance.now() - startedAt) / 1000 };
console.log(JSON.stringify(counted));
