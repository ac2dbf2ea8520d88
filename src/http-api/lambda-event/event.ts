// The event of a Lambda integration: the whole JSON text in one format (spec/http-api.md §3.6.2 to §3.6.4).
import type { RequestChange } from '../../grammar/mapping.ts';
import type { Bytes } from '../../net/bytes.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Call } from '../call.ts';
import type { ValueScope } from '../mapping/values.ts';
import { eventBody } from './body.ts';
import { EventV1 } from './event-v1.ts';
import { type EventRoute, EventV2 } from './event-v2.ts';
import { EventMapping } from './mapping.ts';

export interface EventPlan {
  /** The event of a call with the request body `bytes`; undefined when data would make a dot segment in its path. */
  build(call: Call, bytes: Bytes): string | undefined;
}

export function compileEvent(
  format: '1.0' | '2.0',
  identity: StageIdentity,
  route: EventRoute,
  changes: readonly RequestChange[],
  scope: ValueScope,
): EventPlan {
  const mapping = new EventMapping(changes, scope);
  if (format === '1.0') return planV1(new EventV1(identity, route), mapping);
  return planV2(new EventV2(identity, route), mapping);
}

function planV2(parts: EventV2, mapping: EventMapping): EventPlan {
  return {
    build(call, bytes) {
      const message = mapping.apply(call);
      if (message === undefined) return undefined;
      const body = eventBody(message.headers, bytes);
      return (
        `{"version":"2.0",${parts.members(call, message)}${body === undefined ? '' : `,"body":${body.text}`}` +
        `${parts.pathParameters(call)},"isBase64Encoded":${body?.isBase64Encoded === true}${parts.stageVariables}}`
      );
    },
  };
}

function planV1(parts: EventV1, mapping: EventMapping): EventPlan {
  return {
    build(call, bytes) {
      const message = mapping.apply(call);
      if (message === undefined) return undefined;
      const body = eventBody(message.headers, bytes);
      return (
        `{"version":"1.0",${parts.members(call, message, bytes.length > 0)},` +
        `"pathParameters":${parts.pathParameters(call)},"stageVariables":${parts.stageVariables},` +
        `"body":${body?.text ?? 'null'},"isBase64Encoded":${body?.isBase64Encoded === true}}`
      );
    },
  };
}
