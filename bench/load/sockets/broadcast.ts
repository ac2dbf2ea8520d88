// A message to each of many connections, by a POST each, and what arrives of it.
import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { percentile } from '../rounds.ts';
import { onText, type Server, textFrame } from './raw.ts';

export interface Broadcast {
  readonly posted: number;
  /** From the first post until the last message has arrived. */
  readonly seconds: number;
  /** Of the answers to posts. */
  readonly p50Millis: number;
  readonly p99Millis: number;
}

/** Connections with their ids, which each is told when it sends something. */
export class Audience {
  readonly #server: Server;
  readonly #postPath: string;
  readonly #sockets: readonly Socket[];
  #take: (text: string, at: number) => void = () => {};

  /** `postPath` is what an id is put behind. */
  constructor(server: Server, postPath: string, sockets: readonly Socket[]) {
    this.#server = server;
    this.#postPath = postPath;
    this.#sockets = sockets;
    sockets.forEach((socket, at) => {
      onText(socket, (text) => this.#take(text, at));
    });
  }

  ids(): Promise<readonly string[]> {
    const ids: string[] = [];
    let left = this.#sockets.length;
    return new Promise((resolve) => {
      this.#take = (text, at) => {
        ids[at] = text;
        if (--left === 0) resolve(ids);
      };
      for (const socket of this.#sockets) socket.write(textFrame('{}'));
    });
  }

  /** Through the server at a port, which may be another one than holds the connections. Throws when a post is refused or a message goes to another connection. */
  async send(ids: readonly string[], atOnce: number, port = this.#server.port): Promise<Broadcast> {
    const millis: number[] = [];
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    let received = 0;
    const startedAt = performance.now();
    const arrived = new Promise<void>((resolve, reject) => {
      this.#take = (text, at) => {
        if (text !== messageTo(ids[at]!)) reject(new Error(`${ids[at]} was told ${text}`));
        if (++received === ids.length) resolve();
      };
    });
    const rest = ids.values();
    const worker = async (): Promise<void> => {
      for (const id of rest) {
        const from = performance.now();
        await this.#post(agent, id, port);
        millis.push(performance.now() - from);
      }
    };
    await Promise.all([arrived, ...Array.from({ length: atOnce }, worker)]);
    agent.destroy();
    return {
      ...{ posted: ids.length, seconds: (performance.now() - startedAt) / 1000 },
      ...{ p50Millis: percentile(millis, 0.5), p99Millis: percentile(millis, 0.99) },
    };
  }

  #post(agent: Agent, id: string, port: number): Promise<void> {
    const { host } = this.#server;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...{
            host: '127.0.0.1',
            port,
            method: 'POST',
            path: this.#postPath + encodeURIComponent(id),
            agent,
          },
          headers: { host },
        },
        (incoming) => {
          incoming.resume();
          incoming.once('end', () => {
            if (incoming.statusCode === 200) resolve();
            else reject(new Error(`a post was answered ${incoming.statusCode}`));
          });
        },
      );
      outgoing.once('error', reject);
      outgoing.end(messageTo(id));
    });
  }
}

function messageTo(id: string): string {
  return JSON.stringify({ to: id, text: 'What is said in a room is heard by everybody in it.' });
}
