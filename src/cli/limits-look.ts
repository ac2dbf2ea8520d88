// What `postern doctor` says of the Valkey that programs share their rate limits by, as the server that runs has it.
import type { LimitsLook } from '../findings/processes.ts';
import { printAddress } from '../settings/address.ts';
import type { Sections } from '../settings/sections.ts';
import type { Check } from './doctor.ts';

const name = 'Limits';

/** Nothing where no Valkey is configured: what that means for several nodes, they say. */
export function limitsChecks({ cluster }: Sections, limits: LimitsLook | undefined): Check[] {
  const { valkey: place } = cluster;
  if (place === undefined) return [];
  const valkey = `the Valkey at ${place.hosts.map(printAddress).join(', ')}`;
  if (limits === undefined) {
    const text = `the server that runs was started without ${valkey}; start that again`;
    return [{ name, state: 'bad', text }];
  }
  const { areShared, reason = 'no answer' } = limits;
  if (areShared) return [{ name, state: 'good', text: `${valkey} answers: rate limits are shared by it` }];
  const text = `${valkey} cannot be used (${reason}), so rate limits are not shared: each node has its share; ${advice(reason, cluster.name)}`;
  return [{ name, state: 'bad', text }];
}

function advice(reason: string, cluster: string): string {
  if (/WRONGPASS|NOAUTH|invalid password/.test(reason)) {
    return 'correct the user and the password in cluster.valkey or POSTERN_CLUSTER_VALKEY';
  }
  if (reason.includes('NOPERM')) {
    return `let its user run EVAL, EVALSHA and what these call on keys postern:${cluster}:*`;
  }
  return 'see that it runs, and that cluster.valkey or POSTERN_CLUSTER_VALKEY has its address';
}
