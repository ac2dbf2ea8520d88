// Who listens at an address: nobody, a Postern, somebody else.
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';

export type DoorState =
  | 'free'
  | 'healthy' // a Postern with which nothing is wrong
  | 'unhealthy' // a Postern that says what is
  | 'taken'; // something that is no Postern, or does not speak HTTP

const PATIENCE_IN_MILLIS = 2000;
const MOST_CHARACTERS = 65_536;

export interface DoorLook {
  readonly state: DoorState;
  /** What an unhealthy one says. */
  readonly problems: readonly string[];
}

/** Asks a management door for its health. */
export async function lookAtDoor(address: Address, scheme: 'http' | 'https'): Promise<DoorLook> {
  if (!(await isTaken(address))) return { state: 'free', problems: [] };
  const at = { ...address, host: reachableHost(address.host) };
  const health = await askProbe(new URL(`${scheme}://${printAddress(at)}/_postern/health`));
  if (health === undefined) return { state: 'taken', problems: [] };
  const isHealthy = health.status === 200 && health.problems.length === 0;
  return { state: isHealthy ? 'healthy' : 'unhealthy', problems: health.problems };
}

/** What a Postern answers to a probe; undefined when nobody answers who is one. */
export function askProbe(
  url: URL,
): Promise<{ readonly status: number; readonly problems: readonly string[] } | undefined> {
  return new Promise((resolve) => {
    const module = url.protocol === 'https:' ? 'node:https' : 'node:http';
    const { request: send } = process.getBuiltinModule(module);
    // Whether it is there is asked, not who it is: the certificate is for other names than this address.
    const request = send(url, { timeout: PATIENCE_IN_MILLIS, rejectUnauthorized: false }, (response) => {
      const { statusCode: status = 0, headers } = response;
      if (headers['x-amz-apigw-id'] === undefined) {
        response.resume();
        resolve(undefined);
        return;
      }
      void textOf(response).then((text) => resolve({ status, problems: problemsIn(text) }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve(undefined));
    request.end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  try {
    for await (const chunk of response) if (text.length < MOST_CHARACTERS) text += chunk;
  } catch {
    // What came before tells enough.
  }
  return text;
}

function problemsIn(text: string): readonly string[] {
  try {
    const { problems } = JSON.parse(text);
    return Array.isArray(problems) ? problems.map(String) : [];
  } catch {
    return [];
  }
}

/** Whether anything accepts connections. */
export function isTaken({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: reachableHost(host), port, timeout: PATIENCE_IN_MILLIS });
    const settle = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.on('connect', () => settle(true));
    socket.on('timeout', () => settle(false));
    socket.on('error', () => settle(false));
  });
}
