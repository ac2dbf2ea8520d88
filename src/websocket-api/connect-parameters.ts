// Headers and query string of the connect request, as events and templates see them (spec/websocket-api.md §3.3.5, §5.7.1).

import { textOfHeader } from '../stage/header-value.ts';
import { TRACE_HEADERS } from '../stage/trace-context.ts';
import type { TemplateParameters } from '../template/input.ts';
import type { SocketEvent } from './event.ts';

/** Values by name in the spelling of its first line. */
export type Multimap = ReadonlyMap<string, readonly string[]>;

/** The client's headers and the four that the gateway writes, and those of its trace where there are any. `isAuthorizer`: with Connection, Upgrade and a content length
 *  of 0 (§8.3.3). Sorted by the bytes of the name: upper case before lower case (§3.3.5). */
export function connectHeaders(event: SocketEvent, isAuthorizer: boolean): Multimap {
  const { headers } = event.request!;
  const names = new Map<string, string>();
  const values = new Map<string, string[]>();
  const add = (name: string, value: string): void => {
    const lower = name.toLowerCase();
    const spelling = names.get(lower) ?? name;
    names.set(lower, spelling);
    const known = values.get(spelling);
    if (known === undefined) values.set(spelling, [value]);
    else known.push(value);
  };
  const { trace } = event;
  let forwardedFor = '';
  for (let i = 0; i < headers.count; i++) {
    const value = textOfHeader(headers.value(i));
    const lower = headers.name(i).toLowerCase();
    if (trace !== undefined && TRACE_HEADERS.includes(lower)) continue;
    if (lower === 'x-forwarded-for') forwardedFor += `${value}, `;
    else if (!GATEWAY.has(lower) && (isAuthorizer || !OF_THE_UPGRADE.has(lower))) add(headers.name(i), value);
  }
  if (isAuthorizer) add('content-length', '0');
  if (trace !== undefined) {
    add('traceparent', trace.traceparent(isAuthorizer ? 'authorizer' : 'integration'));
    if (trace.tracestate !== undefined) add('tracestate', trace.tracestate);
  }
  add('X-Amzn-Trace-Id', event.traceId);
  add('X-Forwarded-For', forwardedFor + event.connection.sourceIp);
  add('X-Forwarded-Port', '443');
  add('X-Forwarded-Proto', 'https');
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What integrations are not shown of the client's headers (§3.3.5). */
const OF_THE_UPGRADE: ReadonlySet<string> = new Set(['connection', 'upgrade', 'content-length']);
const GATEWAY: ReadonlySet<string> = new Set([
  ...['x-amzn-trace-id', 'x-forwarded-port', 'x-forwarded-proto', 'content-length'],
]);

/** Whether events have the header whatever the client sent. `name` in lower case. */
export function isOfGateway(name: string): boolean {
  return name === 'x-forwarded-for' || (name !== 'content-length' && GATEWAY.has(name));
}

/** What `$input.params()` finds: nothing but on `$connect`. */
export function templateParameters(event: SocketEvent): TemplateParameters | undefined {
  if (event.request === undefined) return undefined;
  return {
    path: new Map(),
    querystring: lastValues(event.query),
    header: lastValues(event.headers),
  };
}

export function lastValues(map: Multimap): ReadonlyMap<string, string> {
  return new Map([...map].map(([name, values]) => [name, values.at(-1)!]));
}
