// Request parameters of non-Lambda-proxy integrations: `integration.request.header.x` from `route.request.body.a`
// (spec/websocket-api.md §3.8).
import { unreachable } from '../../defect.ts';
import type { RouteParameter } from '../../grammar/route-parameter.ts';
import {
  type ParameterLocation,
  parseRequestParameter,
  type RequestSource,
} from '../../grammar/socket-request-parameter.ts';
import { contextReader } from '../../stage/context-variables.ts';
import { TemplateError, VList, VMap } from '../../template/values.ts';
import { compileBodyPath, textOfValue } from '../body-path.ts';
import { EVENT_CONTEXT } from '../context.ts';
import type { SocketEvent } from '../event.ts';
import { INVALID_JSON } from '../failures.ts';
import type { SocketFailed } from '../stage.ts';
import { failed } from './failed.ts';
import type { Payload } from './request-payload.ts';

/** A payload, and parameters with their values; those of a query are ready for a URL. */
export interface MappedRequest {
  readonly kind: 'request';
  readonly payload: Payload;
  readonly header: Map<string, string>;
  readonly querystring: Map<string, readonly string[]>;
  readonly path: Map<string, string>;
}

export type ParameterPlan = (event: SocketEvent, payload: Payload) => MappedRequest | SocketFailed;

/** Several values for what a name was sent with more than once; none: the parameter is left out. */
type Read = (event: SocketEvent) => readonly string[] | undefined;

interface Parameter {
  readonly location: ParameterLocation;
  readonly name: string;
  readonly isStatic: boolean;
  readonly read: Read;
}

/** The body cannot be read as the JSON it begins as. */
export class InvalidJson extends Error {}

const FORBIDDEN: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);
const FORBIDDEN_FOR_AWS: ReadonlySet<string> = new Set([
  ...FORBIDDEN,
  ...['authorization', 'connection', 'expect', 'proxy-authenticate', 'te'],
]);

/** The plan, or the sentence that says why there can be none. `isAws`: of an AWS service, which has more header names of its
 *  own (§3.8.6). */
export function compileParameters(
  parameters: ReadonlyMap<string, string>,
  stageVariables: ReadonlyMap<string, string>,
  isAws: boolean,
): ParameterPlan | string {
  const compiled: Parameter[] = [];
  for (const [destination, source] of parameters) {
    const parameter = compileParameter(destination, source, stageVariables);
    if (typeof parameter === 'string') return parameter;
    compiled.push(parameter);
  }
  const names = isAws ? FORBIDDEN_FOR_AWS : FORBIDDEN;
  const forbidden = compiled.find(
    ({ location, name }) => location === 'header' && names.has(name.toLowerCase()),
  );
  if (forbidden !== undefined) return `The header ${forbidden.name} cannot be mapped`;
  return (event, payload) => {
    const found: MappedRequest = {
      kind: 'request',
      payload,
      header: new Map(),
      querystring: new Map(),
      path: new Map(),
    };
    try {
      for (const parameter of compiled) put(found, parameter, parameter.read(event));
    } catch (error) {
      if (error instanceof InvalidJson) return failed(INVALID_JSON, error.message);
      throw error;
    }
    override(found, event);
    return found;
  };
}

function put(
  found: MappedRequest,
  { location, name, isStatic }: Omit<Parameter, 'read'>,
  values?: readonly string[],
): void {
  if (values === undefined || values.length === 0) return;
  if (location === 'header') found.header.set(name, values.join(','));
  else if (location === 'path') found.path.set(name, encodeURIComponent(values.at(-1)!));
  else found.querystring.set(name, isStatic ? values : values.map(encodeURIComponent));
}

/** The parameter, or the sentence that says why it cannot be read. Throws GrammarError for what is none. */
export function compileParameter(
  destination: string,
  written: string,
  stageVariables: ReadonlyMap<string, string>,
): Parameter | string {
  const { location, name, source } = parseRequestParameter(destination, written);
  const read = compileSource(source, stageVariables);
  if (read === undefined) return `The JSONPath of ${written} is not understood`;
  return { location, name, isStatic: source.from === 'static', read };
}

/** Undefined for a path that is none. */
function compileSource(source: RequestSource, stageVariables: ReadonlyMap<string, string>): Read | undefined {
  switch (source.from) {
    case 'static': {
      const values = [source.text];
      return () => values;
    }
    case 'parameter':
      return compileRouteParameter(source.parameter);
    case 'body':
      return compileBody(source.path);
    case 'path':
      return () => undefined;
    case 'context': {
      const read = contextReader(EVENT_CONTEXT, source.name);
      return (event) => one(read(event));
    }
    case 'stageVariable': {
      const values = one(stageVariables.get(source.name));
      return () => values;
    }
    default:
      return unreachable(source);
  }
}

function compileRouteParameter({ location, isMultiValue, name }: RouteParameter): Read {
  const values: Read = location === 'header' ? compileHeader(name) : (event) => event.query.get(name);
  return isMultiValue ? values : (event) => one(values(event)?.at(-1));
}

function one(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}

/** Exactly as written, else without regard to case. */
function compileHeader(name: string): Read {
  const lowerName = name.toLowerCase();
  return (event) => {
    if (event.request === undefined) return undefined;
    const exact = event.headers.get(name);
    if (exact !== undefined) return exact;
    for (const [each, values] of event.headers) if (each.toLowerCase() === lowerName) return values;
    return undefined;
  };
}

function compileBody(path: string): Read | undefined {
  if (path === '') return (event) => (event.body === '' ? undefined : [event.body]);
  const find = compileBodyPath(path);
  return (
    find &&
    ((event) => {
      if (!/^\s*[{['"]/.test(event.body)) return undefined;
      try {
        return one(find(event.json.lenient));
      } catch (error) {
        if (error instanceof TemplateError) throw new InvalidJson(error.message);
        throw error;
      }
    })
  );
}

/** What the template set has the last word (§3.8.9, §5.7.5). */
function override(found: MappedRequest, event: SocketEvent): void {
  if (!event.hasContext) return;
  for (const { location, name, texts } of overridesIn(event.context)) {
    if (location === 'header') removeHeader(found.header, name);
    put(found, { location, name, isStatic: false }, texts);
  }
}

interface Override {
  readonly location: ParameterLocation;
  readonly name: string;
  readonly texts: readonly string[];
}

/** What templates have set in the overrides of a context. */
export function overridesIn(context: VMap): readonly Override[] {
  const found: Override[] = [];
  const overrides = context.entries.get('requestOverride');
  if (!(overrides instanceof VMap)) return found;
  for (const location of ['header', 'querystring', 'path'] as const) {
    const entries = overrides.entries.get(location);
    if (!(entries instanceof VMap)) continue;
    for (const [key, value] of entries.entries) {
      const values = value instanceof VList ? value.items : [value];
      const texts = values.flatMap((each) => one(textOfValue(each)) ?? []);
      found.push({ location, name: String(key), texts });
    }
  }
  return found;
}

/** Puts path parameters where `{name}` stands; nothing for those that have no value. */
export function fillPath(path: string, values: ReadonlyMap<string, string>): string {
  return path.replace(/\{([^{}]+)\}/g, (_all, name: string) => values.get(name) ?? '');
}

/** Puts headers in the place of those with the same names. */
export function setHeaders(headers: Map<string, string>, others: ReadonlyMap<string, string>): void {
  for (const [name, value] of others) {
    removeHeader(headers, name);
    headers.set(name, value);
  }
}

/** Header names are one name in any case. */
function removeHeader(headers: Map<string, string>, name: string): void {
  const lowerName = name.toLowerCase();
  for (const each of [...headers.keys()]) if (each.toLowerCase() === lowerName) headers.delete(each);
}
