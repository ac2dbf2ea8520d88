// Calls of a running server's management door: where it is, who asks, and what is said when nobody answers.
import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../identity/sigv4.ts';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';
import type { Environment } from '../settings/settings.ts';
import { UsageError } from '../settings/usage-error.ts';
import { CommandError } from './command-error.ts';
import { sendRequest, textOf } from './send-request.ts';

/** What a command that calls the door has to know of the settings. */
export interface DoorSettings {
  readonly doors:
    | { readonly kind: 'shared'; readonly address: Address }
    | { readonly kind: 'separate'; readonly management: Address };
  readonly tls: object | undefined;
  readonly credentials: readonly Credentials[];
  readonly region: string;
}

/** A management door and who calls it. */
export interface Door {
  readonly url: URL;
  /** Undefined: requests are not signed. */
  readonly credentials: Credentials | undefined;
  readonly region: string;
}

/** The door of `--endpoint`, else of the settings. Throws UsageError. */
export function doorOf(settings: DoorSettings, environment: Environment, endpoint: string | undefined): Door {
  return {
    url: endpoint === undefined ? endpointOf(settings) : parseEndpoint(endpoint),
    credentials: settings.credentials[0] ?? credentialsOf(environment),
    region: settings.region,
  };
}

export interface DoorRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

export interface DoorReply {
  readonly status: number;
  readonly text: string;
}

/** The door's answer, whatever it says but that the caller may not ask. Throws CommandError. */
export async function callDoor(door: Door, request: DoorRequest): Promise<DoorReply> {
  const response = await openDoor(door, request);
  const reply = { status: response.statusCode!, text: await textOf(response) };
  refuseUnsigned(door, reply);
  return reply;
}

/** The same, of an answer that goes on while it is read. */
export async function openDoor(door: Door, request: DoorRequest): Promise<IncomingMessage> {
  const { credentials, region } = door;
  const { method, path, query = {}, body } = request;
  const url = new URL(path, door.url);
  url.search = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const headers = {
    host: url.host,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const signed =
    credentials === undefined
      ? headers
      : await sign({ method, url, query, body: body ?? '', headers, credentials, region });
  return sendRequest(url, {
    method,
    headers: signed,
    ...(body === undefined ? {} : { body }),
  }).catch((error: unknown) => {
    throw new CommandError(
      `No Postern answers at ${url.origin} (${reasonOf(error)}). Start one with "postern", start one that deploys and watches your definition with "postern dev", or say where it is with --endpoint URL.`,
    );
  });
}

/** Throws CommandError for an answer that the caller may not ask. */
export function refuseUnsigned(door: Door, reply: DoorReply): void {
  if (reply.status !== 401 && reply.status !== 403) return;
  throw new CommandError(
    `The server at ${door.url.origin} refused: ${messageOf(reply)}. It wants signed requests: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the server's --config.`,
  );
}

/** What an answer that refuses says. */
export function messageOf({ status, text }: DoorReply): string {
  try {
    const { message } = JSON.parse(text);
    if (typeof message === 'string') return message;
  } catch {
    // Not a Postern's.
  }
  return `status ${status}`;
}

interface Unsigned {
  readonly method: DoorRequest['method'];
  readonly url: URL;
  readonly query?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
  readonly credentials: Credentials;
  readonly region: string;
}

/** The headers that a request to a management door is sent with, signed. */
export async function sign(unsigned: Unsigned): Promise<Record<string, string>> {
  const { method, url, query = {}, body, headers, credentials, region } = unsigned;
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
    query: { ...query },
    headers: { ...headers },
    body,
  };
  return (await signer.sign(request)).headers;
}

function endpointOf({ doors, tls }: DoorSettings): URL {
  const shared = doors.kind === 'shared';
  const { host, port } = shared ? doors.address : doors.management;
  const scheme = shared && tls !== undefined ? 'https' : 'http';
  return new URL(`${scheme}://${printAddress({ host: reachableHost(host), port })}`);
}

function parseEndpoint(text: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  throw new UsageError(`--endpoint is ${JSON.stringify(text)}: it is a URL such as http://127.0.0.1:4700.`);
}

function credentialsOf(environment: Environment): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message;
  return String(error);
}
