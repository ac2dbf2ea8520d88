// Request parameters of non-Lambda-proxy integrations: `integration.request.header.x` from `route.request.body.a`
// (spec/websocket-api.md §3.8).
import { evaluateJayway } from '../template/jayway-evaluate.ts';
import { parseJaywayPath } from '../template/jayway-parse.ts';
import { parseLenientJson } from '../template/lenient-json.ts';
import { jsonOf } from '../template/print-value.ts';
import { Budget, MAX_STEPS, TemplateError, type Value, VList, VMap } from '../template/values.ts';
import { connectHeaders, connectQuery } from './connect-parameters.ts';
import { socketContextReader } from './context.ts';
import type { SocketEvent } from './event.ts';
import { failed } from './failed.ts';
import { INTERNAL_ERROR, INVALID_JSON } from './failures.ts';
import type { SocketFailed } from './stage.ts';

export type ParameterLocation = 'header' | 'querystring' | 'path';

/** Parameters with their values; those of a query are ready for a URL. */
export interface RequestParameters {
  readonly kind: 'parameters';
  readonly header: Map<string, string>;
  readonly querystring: Map<string, readonly string[]>;
  readonly path: Map<string, string>;
}

export type ParameterPlan = (event: SocketEvent) => RequestParameters | SocketFailed;

/** Several values for what a name was sent with more than once; none: the parameter is left out. */
type Read = (event: SocketEvent) => readonly string[] | undefined;

interface Parameter {
  readonly location: ParameterLocation;
  readonly name: string;
  readonly isStatic: boolean;
  readonly read: Read;
}

/** The body cannot be read as the JSON it begins as. */
class InvalidJson extends Error {}

const FORBIDDEN: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);
const FORBIDDEN_FOR_AWS: ReadonlySet<string> = new Set([
  ...FORBIDDEN,
  ...['authorization', 'connection', 'expect', 'proxy-authenticate', 'te'],
]);

/** `isAws`: of an AWS service, which has more header names of its own (§3.8.6). */
export function compileParameters(
  parameters: ReadonlyMap<string, string>,
  stageVariables: ReadonlyMap<string, string>,
  isAws: boolean,
): ParameterPlan {
  const compiled = [...parameters].map(([destination, source]) =>
    compileParameter(destination, source, stageVariables),
  );
  const names = isAws ? FORBIDDEN_FOR_AWS : FORBIDDEN;
  const forbidden = compiled.find(
    ({ location, name }) => location === 'header' && names.has(name.toLowerCase()),
  );
  if (forbidden !== undefined) {
    const refusal = failed(INTERNAL_ERROR, `The header ${forbidden.name} cannot be mapped`);
    return () => refusal;
  }
  return (event) => {
    const found: RequestParameters = {
      kind: 'parameters',
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
  found: RequestParameters,
  { location, name, isStatic }: Parameter,
  values?: readonly string[],
): void {
  if (values === undefined || values.length === 0) return;
  if (location === 'header') found.header.set(name, values.join(','));
  else if (location === 'path') found.path.set(name, encodeURIComponent(values.at(-1)!));
  else found.querystring.set(name, isStatic ? values : values.map(encodeURIComponent));
}

function compileParameter(
  destination: string,
  source: string,
  stageVariables: ReadonlyMap<string, string>,
): Parameter {
  const [, location, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/s.exec(destination)!;
  return {
    location: location as ParameterLocation,
    name: name!,
    isStatic: source.startsWith("'"),
    read: compileSource(source, stageVariables),
  };
}

function compileSource(source: string, stageVariables: ReadonlyMap<string, string>): Read {
  if (source.startsWith("'")) {
    const values = [source.slice(1, -1)];
    return () => values;
  }
  if (source.startsWith('context.')) {
    const read = socketContextReader(source.slice('context.'.length));
    return (event) => one(read(event));
  }
  if (source.startsWith('stageVariables.')) {
    const values = one(stageVariables.get(source.slice('stageVariables.'.length)));
    return () => values;
  }
  // `method.request` is `route.request` by another name.
  const [, part, rest = ''] = /^(?:route|method)\.request\.([a-z]+)(.*)$/s.exec(source)!;
  switch (part) {
    case 'body':
      return compileBody(rest);
    case 'header':
      return (event) => one(headerOf(event, rest.slice(1))?.at(-1));
    case 'multivalueheader':
      return (event) => headerOf(event, rest.slice(1));
    case 'querystring':
      return (event) => one(connectQuery(event).get(rest.slice(1))?.at(-1));
    case 'multivaluequerystring':
      return (event) => connectQuery(event).get(rest.slice(1));
    default:
      return () => undefined;
  }
}

function one(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}

/** Exactly as written, else without regard to case. */
function headerOf(event: SocketEvent, name: string): readonly string[] | undefined {
  if (event.request === undefined) return undefined;
  const headers = connectHeaders(event, false);
  const lowerName = name.toLowerCase();
  return headers.get(name) ?? [...headers].find(([each]) => each.toLowerCase() === lowerName)?.[1];
}

function compileBody(rest: string): Read {
  if (rest === '') return (event) => (event.body === '' ? undefined : [event.body]);
  const path = parseJaywayPath(`$${rest}`);
  return (event) => {
    const text = event.body.trimStart();
    if (!/^[{['"]/.test(text)) return undefined;
    const budget = new Budget(MAX_STEPS);
    try {
      return one(textOfValue(evaluateJayway(path, parseLenientJson(text, budget), budget)));
    } catch (error) {
      if (error instanceof TemplateError) throw new InvalidJson(error.message);
      throw error;
    }
  };
}

/** Strings raw, everything else as JSON; null is left out (§3.8.5). */
function textOfValue(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : jsonOf(value);
}

/** What the template set has the last word (§3.8.9, §5.7.5). */
function override(found: RequestParameters, event: SocketEvent): void {
  const overrides = event.hasContext ? event.context.entries.get('requestOverride') : undefined;
  if (!(overrides instanceof VMap)) return;
  for (const location of ['header', 'querystring', 'path'] as const) {
    const entries = overrides.entries.get(location);
    if (!(entries instanceof VMap)) continue;
    for (const [name, value] of entries.entries) {
      const values = value instanceof VList ? value.items : [value];
      const texts = values.flatMap((each) => one(textOfValue(each)) ?? []);
      if (location === 'header') removeHeader(found.header, name);
      put(found, { location, name, isStatic: false, read: () => texts }, texts);
    }
  }
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
