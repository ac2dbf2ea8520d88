// What an integration sends of an event: payload and parameters (spec/websocket-api.md §3.8, §3.9).
import type { SocketIntegrationConfig } from '../../config/websocket-api.ts';
import type { SocketEvent } from '../event.ts';
import type { SocketFailed } from '../stage.ts';
import { compileParameters, type MappedRequest } from './parameters.ts';
import { compilePayload, passMessage } from './request-payload.ts';

export type RequestPlan = (event: SocketEvent) => MappedRequest | SocketFailed;

/** The plan, or the sentence that says why there can be none. */
export function compileRequest(
  config: SocketIntegrationConfig,
  stageVariables: ReadonlyMap<string, string>,
): RequestPlan | string {
  const payload = config.type === 'HTTP_PROXY' ? passMessage : compilePayload(config);
  const map = compileParameters(config.requestParameters, stageVariables, config.type === 'AWS');
  if (typeof map === 'string') return map;
  return (event) => {
    // Templates may override parameters, so they go first.
    const made = payload(event);
    return made.kind === 'failed' ? made : map(event, made);
  };
}
