// Which API and stage a request is for (spec/http-api.md §1.1, §1.2, §1.7; decision 0013).

import { forwardedNode } from '../http-api/forwarded.ts';
import type { CustomDomain } from '../snapshot/custom-domain.ts';
import { findDomain } from '../snapshot/domain-table.ts';
import type { DeployedApi, Snapshot } from '../snapshot/snapshot.ts';
import type { Domain } from '../stage/domain.ts';

/** What a Host value leads to. */
export interface Host {
  readonly domain: Domain;
  /** The API of a default endpoint; undefined for every other host. */
  readonly api: DeployedApi | undefined;
  /** The custom domain, which goes before default endpoints; undefined for every other host. */
  readonly custom: CustomDomain | undefined;
}

/** `/_aws/execute-api/{apiId}/{stage}/…`, for where names cannot be used. */
export const PATH_FORM_PREFIX = '/_aws/execute-api/';

const MAX_KNOWN_HOSTS = 4096;

/** Resolves Host values against one snapshot, each spelling once. */
export class Hosts {
  readonly #snapshot: Snapshot;
  readonly #own: OwnNames | undefined;
  readonly #known = new Map<string, Host>();

  constructor(snapshot: Snapshot, own: OwnNames | undefined) {
    this.#snapshot = snapshot;
    this.#own = own;
  }

  find(value: string): Host {
    let host = this.#known.get(value);
    if (host === undefined) {
      host = resolveHost(value, this.#snapshot, this.#own);
      // Clients choose the values, so what is remembered is bounded.
      if (this.#known.size < MAX_KNOWN_HOSTS) this.#known.set(value, host);
    }
    return host;
  }
}

/** What stands before and behind the API's id in the host names of a configured ApiEndpoint, in lower case. */
export interface OwnNames {
  readonly before: string;
  readonly behind: string;
}

/** The names of `https://{apiId}.api.example.com`; undefined when the host has no `{apiId}`. */
export function ownNames(apiEndpoint: string): OwnNames | undefined {
  const host = /^https?:\/\/([^/:]*)/i.exec(apiEndpoint)?.[1]?.toLowerCase() ?? '';
  const [before, behind] = host.split('{apiid}');
  return before === undefined || behind === undefined ? undefined : { before, behind };
}

function resolveHost(value: string, snapshot: Snapshot, own: OwnNames | undefined): Host {
  const name = hostName(value);
  const lower = name.toLowerCase();
  const labels = lower.split('.');
  const domain = { name, prefix: name.split('.')[0]!, forwardedHost: forwardedNode(value) };
  const custom = findDomain(snapshot.domains, lower);
  const api = custom === undefined ? defaultEndpointApi(lower, labels, snapshot, own) : undefined;
  return { domain, api, custom };
}

function defaultEndpointApi(
  lower: string,
  labels: readonly string[],
  { apis }: Snapshot,
  own: OwnNames | undefined,
): DeployedApi | undefined {
  const api = labels[1] === 'execute-api' ? apis.get(labels[0]!) : undefined;
  if (api !== undefined && isDefaultEndpoint(labels, api)) return api;
  const isOwn = own !== undefined && lower.startsWith(own.before) && lower.endsWith(own.behind);
  return isOwn ? apis.get(lower.slice(own.before.length, lower.length - own.behind.length)) : undefined;
}

/** `{apiId}.execute-api.localhost`, `{apiId}.execute-api.{region}.localhost` or AWS's own
 *  `{apiId}.execute-api.{region}.amazonaws.com`. */
function isDefaultEndpoint(labels: readonly string[], api: DeployedApi): boolean {
  const suffix = labels.slice(2).join('.');
  return (
    suffix === 'localhost' ||
    suffix === `${api.region}.localhost` ||
    suffix.startsWith(`${api.region}.amazonaws.com`)
  );
}

function hostName(value: string): string {
  if (value.startsWith('[')) return value.slice(0, value.indexOf(']') + 1);
  const colon = value.indexOf(':');
  return colon < 0 ? value : value.slice(0, colon);
}
