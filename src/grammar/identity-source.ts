// Where an authorizer finds what identifies a caller: `$request.header.Authorization` on HTTP APIs,
// `route.request.header.Authorization` on WebSocket APIs (spec/http-api.md §6.1, §6.3.1; management-api.md §2.6.2).
import { GrammarError } from './grammar-error.ts';
import { TOKEN } from './token.ts';

export interface IdentitySource {
  readonly kind: 'header' | 'querystring' | 'context' | 'stageVariable';
  /** Header names as they were written; they are compared without case. */
  readonly name: string;
}

/** Header names, and what the other three may be called. */
const NAMES: Readonly<Record<IdentitySource['kind'], RegExp>> = {
  header: TOKEN,
  querystring: /^[^\s&=]+$/,
  context: /^[A-Za-z0-9._:-]+$/,
  stageVariable: /^[A-Za-z0-9_]+$/,
};

const PREFIXES: readonly (readonly [prefix: string, kind: IdentitySource['kind']])[] = [
  ['$request.header.', 'header'],
  ['$request.querystring.', 'querystring'],
  ['$context.', 'context'],
  ['$stageVariables.', 'stageVariable'],
];

/** Parses an identity source of an HTTP API. Throws GrammarError. */
export function parseIdentitySource(text: string): IdentitySource {
  for (const [prefix, kind] of PREFIXES) {
    if (!text.startsWith(prefix)) continue;
    const name = text.slice(prefix.length);
    if (NAMES[kind].test(name)) return { kind, name };
  }
  throw new GrammarError(`Invalid identity source expression: ${text}`);
}

export function printIdentitySource({ kind, name }: IdentitySource): string {
  return `${PREFIXES.find((each) => each[1] === kind)![0]}${name}`;
}

const WEBSOCKET =
  /^(?:(route\.request\.header)|(route\.request\.querystring)|(stageVariables)|(context))\.([A-Za-z0-9._-]+)$/;

/** Parses an identity source of a WebSocket API. Throws GrammarError. */
export function parseWebSocketIdentitySource(text: string): IdentitySource {
  const match = WEBSOCKET.exec(text);
  if (match === null) {
    throw new GrammarError(
      `Invalid request identity source expression: ${text}. The sources must be separated by comma, and each source ` +
        "must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage " +
        "variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'",
    );
  }
  const [, header, querystring, stageVariable] = match;
  const kind =
    header !== undefined
      ? 'header'
      : querystring !== undefined
        ? 'querystring'
        : stageVariable !== undefined
          ? 'stageVariable'
          : 'context';
  return { kind, name: match[5]! };
}
