// Who listens at an address: nobody, a Postern, somebody else.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { type Address, printAddress, reachableHost } from './address.ts';

export type DoorState =
  | 'free'
  | 'healthy' // a Postern that says 200
  | 'unhealthy' // a Postern that says something else
  | 'taken'; // something that is no Postern, or does not speak HTTP

const PATIENCE_IN_MILLIS = 2000;

/** Asks a management door for its health. */
export async function lookAtDoor(address: Address, scheme: 'http' | 'https'): Promise<DoorState> {
  if (!(await isTaken(address))) return 'free';
  return new Promise((resolve) => {
    const url = `${scheme}://${printAddress({ ...address, host: reachableHost(address.host) })}/_postern/health`;
    const send = scheme === 'https' ? httpsRequest : httpRequest;
    // Whether it is there is asked, not who it is: the certificate is for other names than this address.
    const request = send(url, { timeout: PATIENCE_IN_MILLIS, rejectUnauthorized: false }, (response) => {
      response.resume();
      const ours = response.headers['x-amz-apigw-id'] !== undefined;
      resolve(!ours ? 'taken' : response.statusCode === 200 ? 'healthy' : 'unhealthy');
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve('taken'));
    request.end();
  });
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
