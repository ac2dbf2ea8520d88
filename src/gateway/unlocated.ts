// Why a request led to no stage, for people: in `postern explain` and the request log. Worked out afterwards, from the host
// and path that led nowhere.
import { normalisePath } from '../http-api/path.ts';
import type { CustomDomain } from '../snapshot/custom-domain.ts';
import type { StagesByName } from '../snapshot/deployed-stages.ts';
import type { DeployedApi, Snapshot } from '../snapshot/snapshot.ts';
import { type Host, PATH_FORM_PREFIX } from './addressing.ts';

/** A sentence without its end. `path` is as sent, without query; `wasForbidden` tells 403 from 404. */
export function whyUnlocated(host: Host, path: string, wasForbidden: boolean, { apis }: Snapshot): string {
  if (host.custom !== undefined) return whyNotOnDomain(host.custom, wasForbidden);
  if (host.api !== undefined) return whyNoStage(host.api, path);
  if (!path.startsWith(PATH_FORM_PREFIX)) return hostProblem(host.domain.name);
  const [apiId = '', ...rest] = path.slice(PATH_FORM_PREFIX.length).split('/');
  const api = apis.get(apiId);
  return api === undefined
    ? `there is no API ${JSON.stringify(apiId)}`
    : whyNoStage(api, `/${rest.join('/')}`);
}

function whyNotOnDomain({ name, tls }: CustomDomain, wasForbidden: boolean): string {
  return wasForbidden && tls.truststore !== undefined
    ? `the domain ${name} has mutual TLS, and this request no client certificate`
    : `no routing rule or API mapping of the domain ${name} leads to a deployed stage`;
}

function hostProblem(name: string): string {
  const [apiId, service] = name.split('.');
  return service === 'execute-api'
    ? `there is no API ${JSON.stringify(apiId)} at this host`
    : `the host ${JSON.stringify(name)} is no API's and no custom domain's`;
}

function whyNoStage({ apiId, kind, stages }: DeployedApi, path: string): string {
  const live: StagesByName<{ readonly executeApiDisabled: boolean }> = stages;
  const isDisabled = [...live.keys()].some((name) => live.get(name)?.executeApiDisabled);
  if (isDisabled) return `the default endpoint of API ${apiId} is disabled (DisableExecuteApiEndpoint)`;
  if (live.size === 0) return `API ${apiId} has no stage with a deployment`;
  if (kind === 'http' && normalisePath(path) === undefined) return 'the path cannot be decoded';
  const names = [...live.keys()];
  const first = path.split('/')[1] ?? '';
  const rest = path.slice(first.length + 1);
  if (kind === 'websocket' && live.has(first)) {
    return rest === '' || rest === '/'
      ? 'the request is no WebSocket handshake'
      : `behind the stage a WebSocket API has nothing at ${JSON.stringify(rest)} but @connections`;
  }
  const missing =
    first === '' ? 'the path names no stage' : `API ${apiId} has no stage ${JSON.stringify(first)}`;
  const example = kind === 'http' ? `/${names[0]}${path}` : `/${names[0]}`;
  return `${missing}; its stages: ${names.join(', ')}. The stage is the first part of the path, for example ${example}`;
}
