// The listeners of the doors: where they are, what each of them serves, and the addresses that come of it.
import { networkInterfaces } from 'node:os';
import { LOCAL_NAMES } from './cli/endpoint-names.ts';
import { PATH_FORM_PREFIX } from './gateway/addressing.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { ManagementDoor } from './management/door.ts';
import { LAMBDA_PREFIX } from './management/lambda-door.ts';
import type { Exchange } from './net/exchange.ts';
import type { GatewayTls } from './net/listener/gateway-tls.ts';
import { createListener, type Listener } from './net/listener/listener.ts';
import { type Address, isLoopback, printAddress, reachableHost } from './settings/address.ts';
import type { Settings } from './settings/settings.ts';
import { findDomain } from './snapshot/domain-table.ts';
import type { Publisher } from './snapshot/publisher.ts';
import type { Hub } from './websocket-api/connections/hub.ts';

/** The program cannot start; the message is a sentence for the person who started it. */
export class StartError extends Error {}

/** Of the time for draining, what the ends of WebSocket connections may take. */
const SOCKETS_MILLIS = 4_000;

export interface ListenMeans {
  readonly settings: Settings;
  readonly tls: GatewayTls;
  readonly publisher: Publisher;
  readonly gateway: Gateway;
  readonly door: ManagementDoor;
  readonly hub: Hub;
  readonly onDefect: (error: unknown) => void;
  readonly opened: ((deadlineMillis: number) => Promise<void>)[];
}

/** URLs of listeners. */
export interface Listening {
  readonly management: string;
  readonly gateway: string;
  /** Of metrics and health alone; undefined where there is no such listener. */
  readonly metrics: string | undefined;
}

/** Opens the listeners. */
export async function listen(means: ListenMeans): Promise<Listening> {
  const { settings, tls, publisher, gateway, door, hub, onDefect, opened } = means;
  const { doors } = settings;
  const codec = settings.codec === undefined ? {} : { codec: settings.codec };
  const secure = tls.isOn ? { tls: tls.options } : {};
  const scheme = tls.isOn ? 'https' : 'http';
  const listeners: Listener[] = [];
  opened.push(async (deadlineMillis) => {
    await Promise.all([
      hub.close(Math.min(deadlineMillis, SOCKETS_MILLIS)),
      ...listeners.map((listener) => listener.close(deadlineMillis)),
    ]);
  });
  const start = async (address: Address, flag: string, listener: Listener): Promise<Address> => {
    listeners.push(listener);
    return { host: reachableHost(address.host), port: await listenOn(listener, address, flag) };
  };
  let metrics: string | undefined;
  if (settings.metrics !== undefined) {
    const onExchange = (exchange: Exchange): void => door.serveProbe(exchange);
    const at = await start(settings.metrics, 'metrics', createListener({ onExchange, onDefect }));
    metrics = `http://${printAddress(at)}`;
  }
  if (doors.kind === 'shared') {
    const onExchange = (exchange: Exchange): void => {
      if (isManagement(gateway, exchange)) door.serve(exchange);
      else gateway.serve(exchange);
    };
    const listener = createListener({ onExchange, onDefect, ...codec, ...secure });
    serveDomains(tls, listener, publisher);
    const at = await start(doors.address, 'listen', listener);
    const url = `${scheme}://${printAddress(at)}`;
    return { management: url, gateway: url, metrics };
  }
  const managementListener = createListener({ onExchange: (exchange) => door.serve(exchange), onDefect });
  const management = await start(doors.management, 'management', managementListener);
  const gatewayListener = createListener({
    onExchange: (exchange) => void gateway.serve(exchange),
    onDefect,
    ...codec,
    ...secure,
  });
  serveDomains(tls, gatewayListener, publisher);
  const at = await start(doors.gateway, 'gateway', gatewayListener);
  return {
    management: `http://${printAddress(management)}`,
    gateway: `${scheme}://${printAddress(at)}`,
    metrics,
  };
}

/** Handshakes know the domains of the current snapshot. */
function serveDomains(tls: GatewayTls, listener: Listener, publisher: Publisher): void {
  tls.serve(listener, {
    find: (serverName) => findDomain(publisher.current.domains, serverName)?.tls,
    get hasMutualTls() {
      return publisher.current.domains.hasMutualTls;
    },
  });
  publisher.onSwap(() => tls.refresh());
}

/** On a shared port the management door has these paths on hosts that are not an API's (decision 0013). */
function isManagement(gateway: Gateway, exchange: Exchange): boolean {
  const { target } = exchange;
  const isPath =
    target.startsWith('/v2/') || target.startsWith('/_postern/') || target.startsWith(LAMBDA_PREFIX);
  return isPath && !gateway.owns(exchange);
}

async function listenOn(listener: Listener, address: Address, flag: string): Promise<number> {
  try {
    return (await listener.listen(address.host, address.port)).port;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const at = printAddress(address);
    const free = `--${flag} ${printAddress({ host: address.host, port: address.port > 65_000 ? 4710 : address.port + 10 })}`;
    const reasons: { readonly [code: string]: string } = {
      EADDRINUSE: `The address ${at} is in use by another program. Stop that one, or choose another address, for example ${free}.`,
      EACCES: `The address ${at} is not allowed to this user: ports below 1024 are the system's. Choose another, for example ${free}.`,
      EADDRNOTAVAIL: `The address ${at} is not one of this machine's. Choose another, for example ${free}.`,
      ENOTFOUND: `The host name of ${at} is not known. Choose another, for example ${free}.`,
    };
    throw new StartError(reasons[code] ?? `The address ${at} cannot be listened on: ${String(error)}.`, {
      cause: error,
    });
  }
}

/** `{apiId}.execute-api.localhost` at the gateway's port, or the path form at the gateway's address. */
export function localEndpoint(gateway: string, namesResolve: boolean): string {
  if (!namesResolve) return `${gateway}${PATH_FORM_PREFIX}{apiId}`;
  const { protocol, port } = new URL(gateway);
  return `${protocol}//${LOCAL_NAMES}${port === '' ? '' : `:${port}`}`;
}

export function endpointOf(template: string, apiId: string, protocolType: string): string {
  const url = template.replaceAll('{apiId}', apiId);
  return protocolType === 'WEBSOCKET' ? url.replace(/^http/, 'ws') : url;
}

/** Our own address as backends see it: where the gateway listens, or the first one of the machine when that is anywhere. */
export function egressAddress({ doors }: Settings): string {
  const { host } = doors.kind === 'shared' ? doors.address : doors.gateway;
  if (host === 'localhost') return '127.0.0.1';
  if (isLoopback(host) || (host !== '0.0.0.0' && host !== '::')) return host;
  const family = host === '::' ? 'IPv6' : 'IPv4';
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((each) => !each.internal && each.family === family && !each.address.startsWith('fe80:'));
  return found?.address ?? '127.0.0.1';
}
