// Which API and stage a request is for (spec/http-api.md §1.1, §1.2; architecture D9).

import type { Domain } from '../http-api/call.ts';
import { forwardedNode } from '../http-api/forwarded.ts';
import type { DeployedApi, Snapshot } from '../snapshot/snapshot.ts';

/** What a Host value leads to. */
export interface Host {
  readonly domain: Domain;
  /** The API of a default endpoint; undefined for every other host. */
  readonly api: DeployedApi | undefined;
}

/** `/_aws/execute-api/{apiId}/{stage}/…`, for where names cannot be used. */
export const PATH_FORM_PREFIX = '/_aws/execute-api/';

const MAX_KNOWN_HOSTS = 4096;

/** Resolves Host values against one snapshot, each spelling once. */
export class Hosts {
  readonly #snapshot: Snapshot;
  readonly #known = new Map<string, Host>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  find(value: string): Host {
    let host = this.#known.get(value);
    if (host === undefined) {
      host = resolveHost(value, this.#snapshot);
      // Clients choose the values, so what is remembered is bounded.
      if (this.#known.size < MAX_KNOWN_HOSTS) this.#known.set(value, host);
    }
    return host;
  }
}

function resolveHost(value: string, snapshot: Snapshot): Host {
  const name = hostName(value);
  const labels = name.toLowerCase().split('.');
  const domain = { name, prefix: name.split('.')[0]!, forwardedHost: forwardedNode(value) };
  const api = labels[1] === 'execute-api' ? snapshot.apis.get(labels[0]!) : undefined;
  return { domain, api: api !== undefined && isDefaultEndpoint(labels, api) ? api : undefined };
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
