// `selectRoute` of `postern/testing`: which route of an API a request or a message takes, by the routers of the gateway.
import { parseHttpRouteKey, routeKeyShape } from '../grammar/route-key.ts';
import { normalisePath } from '../http-api/path.ts';
import { compileRouter } from '../http-api/router.ts';
import type { Connection } from '../websocket-api/connections/connection.ts';
import { SocketEvent } from '../websocket-api/event.ts';
import { compileSelection } from '../websocket-api/selection.ts';
import type { WebSocketStage } from '../websocket-api/stage.ts';

/** A request to an HTTP API. */
export interface RoutedRequest {
  /** `GET` when absent. */
  readonly method?: string;
  /** As sent, without the stage; a query does not count. */
  readonly path: string;
}

/** A message to a WebSocket API. */
export interface RoutedMessage {
  /** The text of the message, or a value that is made JSON. */
  readonly message: unknown;
  /** `$request.body.action` when absent. */
  readonly routeSelectionExpression?: string;
}

export interface SelectedRoute {
  readonly routeKey: string;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The route of a request or message among those of an API; undefined where none is. Throws an Error with AWS's text for what is
 *  no route key or no selection expression, and for two keys that one API cannot have. */
export function selectRoute(
  routeKeys: readonly string[],
  request: RoutedRequest | RoutedMessage,
): SelectedRoute | undefined {
  return 'path' in request ? routeOfRequest(routeKeys, request) : routeOfMessage(routeKeys, request);
}

function routeOfRequest(
  routeKeys: readonly string[],
  { method = 'GET', path }: RoutedRequest,
): SelectedRoute | undefined {
  const shapes = new Set<string>();
  const routes = routeKeys.map((text) => {
    const key = parseHttpRouteKey(text);
    requireNew(shapes, routeKeyShape(key), text);
    const segments = key.kind === 'route' ? key.segments : [];
    const names = segments.flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name]));
    return { key, route: { routeKey: text, names } };
  });
  const normal = normalisePath(path.replace(/[?#].*$/s, ''));
  if (normal === undefined) return undefined;
  const found = compileRouter(routes).match(method, normal);
  if (found === undefined) return undefined;
  const { routeKey, names } = found.route;
  const values = names.map((name, i) => [name, found.values[i] ?? ''] as const);
  return { routeKey, pathParameters: Object.fromEntries(values) };
}

/** Routes of events are no routes of messages (spec/websocket-api.md §2.2.6). */
const OF_EVENTS: ReadonlySet<string> = new Set(['$connect', '$disconnect']);

function routeOfMessage(
  routeKeys: readonly string[],
  { message, routeSelectionExpression = '$request.body.action' }: RoutedMessage,
): SelectedRoute | undefined {
  const keys = new Set<string>();
  for (const key of routeKeys) requireNew(keys, key, key);
  const select = compileSelection(routeSelectionExpression, 'route');
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  // An expression of routes reads nothing but the message.
  const event = new SocketEvent({} as Connection, {} as WebSocketStage, { kind: 'MESSAGE', body });
  const selected = select(event);
  const routeKey = [selected, '$default'].find((key) => keys.has(key) && !OF_EVENTS.has(key));
  return routeKey === undefined ? undefined : { routeKey, pathParameters: {} };
}

function requireNew(known: Set<string>, shape: string, routeKey: string): void {
  if (known.has(shape)) throw new Error(`Route with key ${routeKey} already exists for this API`);
  known.add(shape);
}
