// The addresses that settings and listeners come to: ApiEndpoint, and the gateway's own.
import { networkInterfaces } from 'node:os';
import { type AwsReach, createReach } from '../backends/aws/reach.ts';
import { LOCAL_NAMES } from '../cli/endpoint-names.ts';
import { PATH_FORM_PREFIX } from '../gateway/addressing.ts';
import { type Address, isLoopback, leadsTo } from '../settings/address.ts';
import { environmentOfProcess, type Settings } from '../settings/settings.ts';

/** Where the doors are told to listen. */
function addressesOf({ doors }: Settings): readonly Address[] {
  return doors.kind === 'shared' ? [doors.address] : [doors.management, doors.gateway];
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

/** Which AWS services are called: never this program itself, which clients of it call by the same variables. */
export function reachOf(settings: Settings): AwsReach {
  return createReach(settings.sections.aws, environmentOfProcess(), (endpoint) =>
    addressesOf(settings).some((address) => leadsTo(endpoint, address)),
  );
}
