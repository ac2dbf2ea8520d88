// HOST:PORT as people write it.
import { isIP } from 'node:net';

export interface Address {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** A port of 65535 at most besides, and IPv6 in the brackets. */
export const ADDRESS_PATTERN = /^(?:(?:\[([^\]]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/;

/** Reads `127.0.0.1:4700`, `[::1]:4700`, `localhost:4700` or `4700` (on 127.0.0.1). Undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const found = ADDRESS_PATTERN.exec(text);
  if (found === null) return undefined;
  const [, bracketed, plain, digits] = found;
  const port = Number(digits);
  if (port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  return { host: bracketed ?? plain ?? '127.0.0.1', port };
}

export function printAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a URL leads to the address: its port, and its host by any name that a loopback address has. */
export function leadsTo(url: string, { host, port }: Address): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, port: written, protocol } = new URL(url);
  if (Number(written || (protocol === 'https:' ? 443 : 80)) !== port) return false;
  const name = hostname.replace(/^\[|\]$/g, '');
  return name === host || isLoopback(name);
}

/** Whether only this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Where a client on this machine connects to something that listens on `host`. */
export function reachableHost(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
}
