// `$context` as templates see it (spec/websocket-api.md §5.7.4, §5.7.5).
import { authorizerValue } from '../stage/authorization-context.ts';
import type { ContextReader, ContextVariable } from '../stage/context-variables.ts';
import { type MapStyle, type Value, VMap } from '../template/values.ts';
import { EVENT_CONTEXT } from './context.ts';
import type { SocketEvent } from './event.ts';

interface Entry {
  readonly name: string;
  /** `identity` of `identity.sourceIp`. */
  readonly owner: string | undefined;
  readonly key: string;
  readonly isNumber: true | undefined;
  readonly read: ContextReader<SocketEvent>;
}

const ENTRIES: readonly Entry[] = Object.entries<ContextVariable<SocketEvent>>(
  EVENT_CONTEXT.variables,
).flatMap(([name, { read, isNumber }]) => {
  const dot = name.indexOf('.');
  const owner = dot < 0 ? undefined : name.slice(0, dot);
  return read === undefined ? [] : [{ name, owner, key: name.slice(dot + 1), isNumber, read }];
});

/** Maps that print as Java's do, with empty and silent override maps in them. */
export function contextMap(event: SocketEvent): VMap {
  const context = new VMap(new Map<string, Value>(), 'java');
  for (let i = 0; i < ENTRIES.length; i++) {
    const { name, owner, key, isNumber, read } = ENTRIES[i]!;
    const text = read(event);
    if (text !== undefined) {
      const { entries } = owner === undefined ? context : mapIn(context, owner, 'java');
      entries.set(key, isNumber ? BigInt(Number(text)) : text);
    }
    if (name === 'authorizer.principalId') putAuthorizerContext(context, event);
  }
  const request = mapIn(context, 'requestOverride', 'silent');
  for (const location of ['header', 'querystring', 'path']) mapIn(request, location, 'silent');
  mapIn(mapIn(context, 'responseOverride', 'silent'), 'header', 'silent');
  return context;
}

/** What a Lambda authorizer returned stands behind its principal. */
function putAuthorizerContext(context: VMap, event: SocketEvent): void {
  if (event.authorization?.kind !== 'lambda') return;
  const { entries } = mapIn(context, 'authorizer', 'java');
  for (const key of event.authorization.context?.keys() ?? []) {
    const text = key === 'principalId' ? undefined : authorizerValue(event, key);
    if (text !== undefined) entries.set(key, text);
  }
}

function mapIn(owner: VMap, name: string, style: MapStyle): VMap {
  const known = owner.entries.get(name);
  if (known instanceof VMap) return known;
  const made = new VMap(new Map<string, Value>(), style);
  owner.entries.set(name, made);
  return made;
}
