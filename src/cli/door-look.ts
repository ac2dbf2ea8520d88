// Who listens at an address: nobody, a Postern, somebody else.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';

export type DoorState =
  | 'free'
  | 'healthy' // a Postern that says 200
  | 'unhealthy' // a Postern that says something else
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
  return new Promise((settle) => {
    const resolve = (state: DoorState, problems: readonly string[] = []): void => settle({ state, problems });
    const url = `${scheme}://${printAddress({ ...address, host: reachableHost(address.host) })}/_postern/health`;
    const send = scheme === 'https' ? httpsRequest : httpRequest;
    // Whether it is there is asked, not who it is: the certificate is for other names than this address.
    const request = send(url, { timeout: PATIENCE_IN_MILLIS, rejectUnauthorized: false }, (response) => {
      const ours = response.headers['x-amz-apigw-id'] !== undefined;
      if (ours && response.statusCode !== 200) {
        void textOf(response).then((text) => resolve('unhealthy', problemsIn(text)));
        return;
      }
      response.resume();
      resolve(ours ? 'healthy' : 'taken');
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve('taken'));
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
