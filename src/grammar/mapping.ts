// Parameter mapping: keys and values of RequestParameters and ResponseParameters (spec/http-api.md §4.2 to §4.4, §4.8 to
// §4.10, §4.19). Parsed when written; compiled when deployed.
import { GrammarError } from './grammar-error.ts';
import { type JsonPath, parseJsonPath, printJsonPath } from './json-path.ts';

export type Part =
  | { readonly from: 'text'; readonly text: string }
  | {
      readonly from: 'header' | 'query' | 'pathParameter' | 'stageVariable' | 'context';
      readonly name: string;
    }
  | { readonly from: 'path' }
  | { readonly from: 'body'; readonly path: JsonPath | undefined };

export type MappingValue =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'selector'; readonly part: Part }
  | { readonly kind: 'template'; readonly parts: readonly Part[] };

interface Named<At extends string> {
  readonly key: string;
  readonly at: At;
  readonly name: string;
}

export type NamedChange<At extends string> =
  | (Named<At> & { readonly action: 'append' | 'overwrite'; readonly value: MappingValue })
  | (Named<At> & { readonly action: 'remove' });

export type RequestChange =
  | NamedChange<'header'>
  | NamedChange<'query'>
  | { readonly key: string; readonly at: 'path'; readonly action: 'overwrite'; readonly value: MappingValue };

export type ResponseChange =
  | NamedChange<'header'>
  | {
      readonly key: string;
      readonly at: 'status';
      readonly action: 'overwrite';
      readonly value: MappingValue;
    };

export type Side = 'request' | 'response';

class MappingError extends GrammarError {
  readonly causes: readonly string[];

  constructor(causes: readonly string[]) {
    super(
      `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${causes.join(', ')}]`,
    );
    this.causes = causes;
  }
}

/** Causes in AWS's envelope around mapping errors (§4.10). */
export function mappingError(...causes: string[]): GrammarError {
  return new MappingError(causes);
}

const RESERVED: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-location',
  'forwarded',
  'keep-alive',
  'origin',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailers',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'via',
]);
const RESERVED_PREFIX = /^(?:access-control-|apigw-|x-amz-|x-amzn-)/;

/** Whether a lower-case header name is no destination of a mapping (§4.8). */
export function isReservedHeader(lowerName: string): boolean {
  return RESERVED.has(lowerName) || RESERVED_PREFIX.test(lowerName);
}

const HEADER_KEY = /^(append|overwrite|remove):header\.([!#$%&'*+\-.^_`|~0-9A-Za-z]+)$/;
const QUERY_KEY = /^(append|overwrite|remove):querystring\.(.+)$/s;
const MAX_VALUE_LENGTH = 512;
const ORDER = { remove: 0, overwrite: 1, append: 2 } as const;

/** Parses RequestParameters into changes in the order they apply (§4.7). Throws GrammarError with the cause of each bad
 *  entry, in byte order of the keys. */
export function parseRequestMappings(map: Readonly<Record<string, string>>): readonly RequestChange[] {
  return parseAll(map, parseRequestChange);
}

/** Parses ResponseParameters: changes by integration status. Throws GrammarError; of bad status keys the first is named. */
export function parseResponseMappings(
  map: Readonly<Record<string, Readonly<Record<string, string>>>>,
): ReadonlyMap<number, readonly ResponseChange[]> {
  for (const status of Object.keys(map)) {
    if (!/^[2-5][0-9]{2}$/.test(status)) throw mappingError(`Status Code ${status} is not valid.`);
  }
  const causes: string[] = [];
  const parsed = new Map<number, readonly ResponseChange[]>();
  for (const [status, changes] of Object.entries(map)) {
    collect(causes, () => parsed.set(Number(status), parseAll(changes, parseResponseChange)));
  }
  if (causes.length > 0) throw mappingError(...causes);
  return parsed;
}

/** Parses one entry of RequestParameters. */
export function parseRequestChange(key: string, value: string): RequestChange {
  const named = parseNamed(key, value, 'request');
  if (named !== undefined) return named;
  if (key === 'overwrite:path')
    return { key, at: 'path', action: 'overwrite', value: parseMappingValue(value, 'request') };
  throw mappingError(`Invalid Request Actioned Parameter destination specified: ${key}`);
}

/** Parses one entry of a status's ResponseParameters. */
export function parseResponseChange(key: string, value: string): ResponseChange {
  const named = parseNamed(key, value, 'response');
  if (named !== undefined && named.at === 'header') return named;
  if (key === 'overwrite:statuscode') {
    return { key, at: 'status', action: 'overwrite', value: parseMappingValue(value, 'response') };
  }
  throw mappingError(`Invalid Response Actioned Parameter destination specified: ${key}`);
}

function parseNamed(
  key: string,
  value: string,
  side: Side,
): NamedChange<'header'> | NamedChange<'query'> | undefined {
  const header = HEADER_KEY.exec(key);
  const match = header ?? (side === 'request' ? QUERY_KEY.exec(key) : null);
  if (match === null) return undefined;
  const [, action, name] = match as unknown as [string, 'append' | 'overwrite' | 'remove', string];
  if (header !== null && isReservedHeader(name.toLowerCase())) {
    throw mappingError(`Operations on header ${name} are restricted`);
  }
  const at = header !== null ? 'header' : 'query';
  if (action !== 'remove') return { key, at, name, action, value: parseMappingValue(value, side) };
  // The value of a removal means nothing, but it is one (§4.11, §4.12).
  if (value.length > MAX_VALUE_LENGTH) throw badValue(value);
  return { key, at, name, action };
}

function parseAll<C extends { readonly action: keyof typeof ORDER }>(
  map: Readonly<Record<string, string>>,
  parse: (key: string, value: string) => C,
): C[] {
  const changes: C[] = [];
  const causes: string[] = [];
  const entries = Object.entries(map).sort(([a], [b]) => compareBytes(a, b));
  for (const [key, value] of entries) collect(causes, () => changes.push(parse(key, value)));
  if (causes.length > 0) throw mappingError(...causes);
  return changes.sort((a, b) => ORDER[a.action] - ORDER[b.action]);
}

/** The order of two texts' bytes in UTF-8. */
function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    // Beyond ASCII the order of code units is not that of bytes.
    return left < 0x80 || right < 0x80 ? left - right : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a.length - b.length;
}

/** Runs `work`, keeping the causes of a MappingError. */
function collect(causes: string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    causes.push(...error.causes);
  }
}

function badValue(text: string): GrammarError {
  return mappingError(`Invalid mapping expression specified: ${text}`);
}

/** How an unbraced variable begins. */
const VARIABLE = /\$(?:request|response|context|stageVariables)\./;

/** Parses a value (§4.19). Throws GrammarError with the whole value. */
export function parseMappingValue(text: string, side: Side): MappingValue {
  const isShort = text.length <= MAX_VALUE_LENGTH;
  const value = !isShort
    ? undefined
    : text.includes('${')
      ? parseBraced(text, side)
      : parseUnbraced(text, side);
  if (value === undefined) throw badValue(text);
  return value;
}

function parseBraced(text: string, side: Side): MappingValue | undefined {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    const end = open < 0 ? text.length : open;
    if (end > at) parts.push({ from: 'text', text: text.slice(at, end) });
    if (open < 0) break;
    const close = text.indexOf('}', open);
    const inner = text.slice(open + 2, Math.max(close, open));
    const part = inner.includes('${') ? undefined : parsePathExpression(inner, side);
    if (part === undefined) return undefined;
    parts.push(part);
    at = close + 1;
  }
  const only = parts.length === 1 ? parts[0]! : undefined;
  return only === undefined ? { kind: 'template', parts } : { kind: 'selector', part: only };
}

function parseUnbraced(text: string, side: Side): MappingValue | undefined {
  const part = text.startsWith('$') ? parsePathExpression(text.slice(1), side) : undefined;
  const selector: MappingValue | undefined = part === undefined ? undefined : { kind: 'selector', part };
  // A name may hold `$`, but two variables in a row are two variables wherever they can be (Choice C30).
  if (selector !== undefined && !VARIABLE.test(text.slice(1))) return selector;
  if (VARIABLE.test(text)) return parseEmbedded(text, side) ?? selector;
  return /^\$[A-Za-z]/.test(text) ? selector : { kind: 'static', text };
}

const EMBEDDED = /\$((?:request|response|context|stageVariables)\.[A-Za-z0-9_.-]*)/g;

function parseEmbedded(text: string, side: Side): MappingValue | undefined {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(EMBEDDED)) {
    if (match.index > from) parts.push({ from: 'text', text: text.slice(from, match.index) });
    const token = match[1]!.replace(/[.-]+$/, '');
    const part = parsePathExpression(token, side);
    if (part === undefined || /^[[\]()'":?]/.test(text.slice(match.index + match[0].length)))
      return undefined;
    parts.push(part);
    from = match.index + 1 + token.length;
  }
  if (from < text.length) parts.push({ from: 'text', text: text.slice(from) });
  return { kind: 'template', parts };
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const QUERY_NAME = /^[^\s$/,;\u0000-\u001f\u007f]+$/;
const PATH_VARIABLE = /^[A-Za-z0-9_.:-]+$/;
const CONTEXT_NAME = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;
const STAGE_VARIABLE = /^[A-Za-z0-9_]+$/;

/** What stands behind `$` or inside `${}`; undefined when it is no variable of that side. */
function parsePathExpression(text: string, side: Side): Part | undefined {
  const named = (prefix: string, names: RegExp) => {
    const name = text.startsWith(prefix) ? text.slice(prefix.length) : '';
    return name !== '' && names.test(name) ? name : undefined;
  };
  const header = named(`${side}.header.`, HEADER_NAME);
  if (header !== undefined) return { from: 'header', name: header };
  const context = named('context.', CONTEXT_NAME);
  if (context !== undefined) return { from: 'context', name: context };
  const stageVariable = named('stageVariables.', STAGE_VARIABLE);
  if (stageVariable !== undefined) return { from: 'stageVariable', name: stageVariable };
  if (side === 'request') {
    const query = named('request.querystring.', QUERY_NAME);
    if (query !== undefined) return { from: 'query', name: query };
    if (text === 'request.path') return { from: 'path' };
    const variable = named('request.path.', PATH_VARIABLE);
    if (variable !== undefined) return { from: 'pathParameter', name: variable };
  }
  const body = `${side}.body`;
  if (!text.startsWith(body)) return undefined;
  const rest = text.slice(body.length);
  if (rest === '') return { from: 'body', path: undefined };
  try {
    return { from: 'body', path: parseJsonPath(rest) };
  } catch {
    return undefined;
  }
}

/** The text of a value. Selectors are printed without braces where that means the same. */
export function printMappingValue(value: MappingValue, side: Side): string {
  switch (value.kind) {
    case 'static':
      return value.text;
    case 'selector': {
      const path = printPart(value.part, side);
      return VARIABLE.test(path) && !path.includes('}') ? `\${${path}}` : `$${path}`;
    }
    case 'template':
      return value.parts
        .map((part) => (part.from === 'text' ? part.text : `\${${printPart(part, side)}}`))
        .join('');
  }
}

function printPart(part: Part, side: Side): string {
  switch (part.from) {
    case 'text':
      return part.text;
    case 'header':
      return `${side}.header.${part.name}`;
    case 'query':
      return `request.querystring.${part.name}`;
    case 'path':
      return 'request.path';
    case 'pathParameter':
      return `request.path.${part.name}`;
    case 'stageVariable':
      return `stageVariables.${part.name}`;
    case 'context':
      return `context.${part.name}`;
    case 'body':
      return `${side}.body${part.path === undefined ? '' : printJsonPath(part.path)}`;
  }
}

export function printChangeKey(change: RequestChange | ResponseChange): string {
  switch (change.at) {
    case 'header':
      return `${change.action}:header.${change.name}`;
    case 'query':
      return `${change.action}:querystring.${change.name}`;
    case 'path':
      return 'overwrite:path';
    case 'status':
      return 'overwrite:statuscode';
  }
}
