// `postern explain`: has a running server serve one request and prints every step of it (decision 0017).
import type { Trace } from '../http-api/explain/trace.ts';
import type { Credentials } from '../identity/sigv4.ts';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';
import { UsageError } from '../settings/usage-error.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import { printTrace } from './print-trace.ts';
import type { Paint } from './terminal.ts';

/** What explain has to know of the settings. */
export interface ExplainSettings {
  readonly doors:
    | { readonly kind: 'shared'; readonly address: Address }
    | { readonly kind: 'separate'; readonly management: Address };
  readonly tls: object | undefined;
  readonly credentials: readonly Credentials[];
  readonly region: string;
}

export interface ExplainOptions {
  readonly command: Extract<Command, { readonly name: 'explain' }>;
  readonly settings: ExplainSettings;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

/** Prints the trace. Returns the exit code. Throws UsageError and CommandError. */
export async function runExplain(options: ExplainOptions): Promise<number> {
  const { command, settings, environment, output, paint } = options;
  const endpoint = command.endpoint === undefined ? endpointOf(settings) : parseEndpoint(command.endpoint);
  const asked = {
    method: command.method.toUpperCase(),
    url: parseUrl(command.url),
    headers: command.headers.map(parseHeader),
    body: command.data ?? '',
  };
  const body = JSON.stringify(asked);
  const credentials = settings.credentials[0] ?? credentialsOf(environment);
  const reply = await post(new URL('/_postern/explain', endpoint), body, credentials, settings.region);
  const trace: Trace = JSON.parse(reply);
  output.write(command.json ? `${JSON.stringify(trace, undefined, 2)}\n` : printTrace(trace, paint));
  return command.fail && isRefused(trace) ? REFUSED_EXIT_CODE : 0;
}

/** With --fail. */
const REFUSED_EXIT_CODE = 4;

/** By the gateway, whose answers to preflights are none, or because no client gets there. */
function isRefused({ notes, refused, reply }: Trace): boolean {
  return notes !== undefined || (refused !== undefined && reply.status >= 400);
}

function endpointOf({ doors, tls }: ExplainSettings): URL {
  const shared = doors.kind === 'shared';
  const { host, port } = shared ? doors.address : doors.management;
  const scheme = shared && tls !== undefined ? 'https' : 'http';
  return new URL(`${scheme}://${printAddress({ host: reachableHost(host), port })}`);
}

function parseEndpoint(text: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  throw new UsageError(`--endpoint is ${JSON.stringify(text)}: it is a URL such as http://127.0.0.1:4700.`);
}

function parseUrl(text: string): string {
  if (/^https?:\/\/./i.test(text) && URL.canParse(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is not a whole URL: write it with http:// and the host of an API, as its ApiEndpoint has them.`,
  );
}

function parseHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`--header is ${JSON.stringify(text)}: a header is 'Name: value'.`);
}

function credentialsOf(environment: ExplainOptions['environment']): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}

/** Returns the body of a 200. */
async function post(
  url: URL,
  body: string,
  credentials: Credentials | undefined,
  region: string,
): Promise<string> {
  const headers = { host: url.host, 'content-type': 'application/json' };
  const signed =
    credentials === undefined
      ? headers
      : await sign({ method: 'POST', url, body, headers, credentials, region });
  const response = await fetch(url, { method: 'POST', headers: signed, body }).catch((error: unknown) => {
    throw new CommandError(
      `No Postern answers at ${url.origin} (${reasonOf(error)}). Start one with "postern", or say where it is with --endpoint URL.`,
    );
  });
  const text = await response.text();
  if (response.ok) return text;
  const message = messageIn(text) ?? `status ${response.status}`;
  if (response.status === 400) throw new UsageError(`${message}.`);
  if (response.status === 401 || response.status === 403) {
    throw new CommandError(
      `The server at ${url.origin} refused: ${message}. It wants signed requests: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the server's --config.`,
    );
  }
  throw new CommandError(`The server at ${url.origin} could not explain: ${message}.`);
}

interface Unsigned {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
  readonly credentials: Credentials;
  readonly region: string;
}

/** The headers that a request to a management door is sent with, signed. */
export async function sign(unsigned: Unsigned): Promise<Record<string, string>> {
  const { method, url, body, headers, credentials, region } = unsigned;
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('../identity/sha256.ts'),
  ]);
  const signer = new SignatureV4({ service: 'apigateway', region, credentials, sha256: Sha256 });
  const { protocol, hostname, pathname } = url;
  const request = {
    method,
    protocol,
    hostname,
    path: pathname,
    query: {},
    headers: { ...headers },
    body,
  };
  return (await signer.sign(request)).headers;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return String(error);
}

function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text);
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
