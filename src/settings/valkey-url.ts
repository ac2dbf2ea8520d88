// Where a Valkey or Redis is, as people write it: alone, found by Sentinels, or a cluster. What is wrong is not shown again, for
// there may be a password in it.
import type { Address } from './address.ts';

export interface ValkeyPlace {
  readonly kind: 'alone' | 'sentinel' | 'cluster';
  /** The server, the Sentinels, or some of the cluster. */
  readonly hosts: readonly Address[];
  /** What Sentinels call the servers. */
  readonly group: string | undefined;
  readonly isTls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Of a server that is alone or found by Sentinels. */
  readonly database: number;
}

export const VALKEY_ADVICE =
  'redis://HOST:PORT, sentinel+redis://HOST,HOST,HOST/NAME or redis-cluster://HOST,HOST, each with rediss for TLS, and USER:PASSWORD@ before the hosts where it is needed';

/** Another scheme, or what stands behind the hosts, is wrong for some of them besides. */
export const VALKEY_PATTERN =
  /^(sentinel\+)?redis(s)?(-cluster)?:\/\/(?:([^@/?#\s]*)@)?([^@/?#\s]+)(?:\/([^/?#\s]*))?$/;

const HOST = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;
const MAX_HOSTS = 64;

/** Undefined for what is none. */
export function parseValkeyUrl(text: string): ValkeyPlace | undefined {
  const found = VALKEY_PATTERN.exec(text);
  if (found === null) return undefined;
  const [, sentinel, tls, cluster, user = '', list = '', path = ''] = found;
  if (sentinel !== undefined && cluster !== undefined) return undefined;
  const kind = sentinel !== undefined ? 'sentinel' : cluster !== undefined ? 'cluster' : 'alone';
  const hosts = list.split(',').map((host) => addressOf(host, kind === 'sentinel' ? 26_379 : 6_379));
  if (hosts.length > (kind === 'alone' ? 1 : MAX_HOSTS)) return undefined;
  // `NAME` or `NAME/2` behind Sentinels would need another slash: their database is 0.
  const isGood = kind === 'sentinel' ? path !== '' : kind === 'alone' ? /^\d{0,5}$/.test(path) : path === '';
  const [username, password] = userIn(user);
  if (!isGood || hosts.includes(undefined) || password === undefined) return undefined;
  return {
    kind,
    hosts: hosts as readonly Address[],
    group: kind === 'sentinel' ? path : undefined,
    isTls: tls !== undefined,
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : password,
    database: kind === 'alone' ? Number(path) : 0,
  };
}

function addressOf(text: string, defaultPort: number): Address | undefined {
  const found = HOST.exec(text);
  if (found === null) return undefined;
  const [, bracketed, plain, digits] = found;
  const port = digits === undefined ? defaultPort : Number(digits);
  return port === 0 || port > 65_535 ? undefined : { host: (bracketed ?? plain)!, port };
}

/** `user:password`, percent-encoded where they have what ends them; no password when that is wrong. */
function userIn(text: string): readonly [string, string | undefined] {
  const mark = text.indexOf(':');
  try {
    return [
      decodeURIComponent(mark < 0 ? text : text.slice(0, mark)),
      mark < 0 ? '' : decodeURIComponent(text.slice(mark + 1)),
    ];
  } catch {
    return ['', undefined];
  }
}
