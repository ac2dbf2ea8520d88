// One request of a client, whose end is always told.
import { type Agent, request } from 'node:http';

export interface Asked {
  readonly url: string;
  /** The Host header. */
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

export interface Answered {
  /** 0: no answer, and why. */
  readonly status: number;
  readonly error?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Somebody who waits for longer gives up. */
const TIMEOUT_MILLIS = 6_000;

export function ask({
  url,
  host,
  path,
  method = 'GET',
  headers = {},
  body,
  agent,
}: Asked): Promise<Answered> {
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve({ status: 0, error: error.message || String(error), headers: {}, body: '' });
    const outgoing = request(
      `${url}${path}`,
      { method, headers: { host, ...headers }, ...(agent === undefined ? {} : { agent }) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({
            ...{ status: incoming.statusCode!, headers: incoming.headers },
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), TIMEOUT_MILLIS);
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}
