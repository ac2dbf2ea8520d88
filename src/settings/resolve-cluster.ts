// What flags and variables say of a cluster, beside the section of the file; and what together could be no node.
import { PLACE_EXAMPLE, type PostgresPlace } from '../store/postgres/place.ts';
import { type Address, printAddress, reachableHost } from './address.ts';
import { CLUSTER_SECRET_VARIABLE, type Written } from './options.ts';
import { type ClusterSettings, LEAST_SECRET, SECRET_ADVICE } from './sections/cluster.ts';
import { UsageError } from './usage-error.ts';
import { parseValkeyUrl, VALKEY_ADVICE } from './valkey-url.ts';

/** What is said outside of the file wins; a secret is the only one then. Throws UsageError, which never repeats a secret
 *  or a URL that may hold a password. */
export function resolveCluster(
  section: ClusterSettings,
  said: {
    readonly secret: Written | undefined;
    readonly listen: Address | undefined;
    readonly address: Address | undefined;
    readonly valkey: Written | undefined;
  },
): ClusterSettings {
  const { secret, listen = section.listen, address = section.address } = said;
  if (secret !== undefined && secret.value.length < LEAST_SECRET) {
    throw new UsageError(`${secret.where} is too short: ${SECRET_ADVICE}.`);
  }
  const valkey = said.valkey === undefined ? section.valkey : parseValkeyUrl(said.valkey.value);
  if (said.valkey !== undefined && valkey === undefined) {
    throw new UsageError(`${said.valkey.where} is no place for limits: it is ${VALKEY_ADVICE}.`);
  }
  const secrets = secret === undefined ? section.secrets : [secret.value];
  return { ...section, secrets, listen, address, valkey };
}

/** Throws UsageError for links that nobody could have. */
export function requireCluster(store: PostgresPlace | undefined, cluster: ClusterSettings): void {
  const { secrets, listen, address, tls } = cluster;
  if (secrets.length === 0 && listen === undefined && address === undefined && tls === undefined) return;
  if (store === undefined) {
    throw new UsageError(
      `cluster says how this node is linked to others, and they have nothing in common: put the store of all of them into PostgreSQL with --store ${PLACE_EXAMPLE}.`,
    );
  }
  if (secrets.length === 0) {
    throw new UsageError(
      `cluster has no secret, by which nodes know each other: set cluster.secret or ${CLUSTER_SECRET_VARIABLE} to the same on all of them; ${SECRET_ADVICE}.`,
    );
  }
  if (listen !== undefined && address === undefined && reachableHost(listen.host) !== listen.host) {
    throw new UsageError(
      `cluster.listen is every address of this machine, ${printAddress(listen)}: say which of them others call, with cluster.address or --cluster-address HOST:${listen.port}.`,
    );
  }
}
