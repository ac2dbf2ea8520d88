// Targets by DNS: A and AAAA records, or SRV records with the addresses of their names (RFC 2782).
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { TargetAddress } from './target-group.ts';

/** Milliseconds a query to a name server may take, and how often it is asked. */
const QUERY_OPTIONS = { timeout: 1_500, tries: 2 };

/** Weight 0 means "rarely": a tenth of the smallest other one. */
const RARELY = 0.1;

export interface Names {
  addresses(name: string): Promise<readonly string[]>;
  services(name: string): Promise<readonly ServiceRecord[]>;
}

export interface ServiceRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** Asks a name server, or the system when `server` is undefined. */
export function createNames(server: string | undefined): Names {
  const resolver = new Resolver(QUERY_OPTIONS);
  if (server !== undefined) resolver.setServers([server]);
  return {
    async addresses(name) {
      if (isIP(name) !== 0) return [name];
      if (server === undefined) {
        // As every other connection of this machine does it, its hosts file included.
        return (await lookup(name, { all: true })).map(({ address }) => address);
      }
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (found.length === 0 && answers[0].status === 'rejected') throw answers[0].reason;
      return found;
    },
    services: (name) => resolver.resolveSrv(name),
  };
}

/** Throws the resolver's error. */
export async function findByAddress(names: Names, name: string, port: number): Promise<TargetAddress[]> {
  return (await names.addresses(name)).map((host) => ({ host, port, weight: 1 }));
}

/** The records of the lowest priority; a name without address is left out. Throws the resolver's error. */
export async function findByService(names: Names, name: string): Promise<TargetAddress[]> {
  const records = await names.services(name);
  const first = Math.min(...records.map(({ priority }) => priority));
  const chosen = records.filter(({ priority }) => priority === first);
  const found = await Promise.allSettled(chosen.map((record) => names.addresses(record.name)));
  if (found.length > 0 && found.every((each) => each.status === 'rejected')) throw found[0]!.reason;
  return chosen.flatMap((record, i) => {
    const addresses = found[i]!;
    if (addresses.status === 'rejected') return [];
    const weight = (record.weight === 0 ? RARELY : record.weight) / addresses.value.length;
    return addresses.value.map((host) => ({ host, port: record.port, weight }));
  });
}
