// The execution log of a WebSocket API's stage (spec/websocket-api.md §9.3): what happened to an event, in the order and
// words of AWS's, as far as they are known.
import { unreachable } from '../defect.ts';
import type { LogSink } from '../stage/log-line.ts';
import { textOrBytes } from './bytes.ts';
import type { SocketEvent } from './event.ts';
import type { SocketAnswer, SocketReply } from './stage.ts';

export interface ExecutionLogSettings {
  readonly level: 'ERROR' | 'INFO';
  /** With URIs, headers and bodies. */
  readonly isTraced: boolean;
}

/** What an integration sent, noted for stages that trace data and for those who look. */
export interface SentRequest {
  /** Empty for MOCK integrations, which send nothing. */
  readonly uri: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | Buffer;
  answer: SocketAnswer | undefined;
  /** What was made of it for the client. */
  reply: SocketReply | undefined;
}

/** Longest entry, in bytes (§9.3.2). */
const MAX_ENTRY = 1_024;
const SECRET = /^(?:authorization|cookie|proxy-authorization|x-amz-security-token|x-api-key)$/i;

/** Writes what there is to say of an event that is over. */
export function writeExecutionLog(event: SocketEvent, settings: ExecutionLogSettings, sink: LogSink): void {
  const isFailed = event.failure !== undefined;
  if (settings.level === 'ERROR' && !isFailed) return;
  const lines = settings.level === 'INFO' ? [...beginning(event), ...integration(event, settings)] : [];
  for (const line of [...lines, ...ending(event)]) {
    sink.write(cut(`(${event.requestId}) ${line.replace(/[\r\n]+/g, ' ')}`), event.requestedAt);
  }
}

function beginning({ kind, requestId, stage, route, connection }: SocketEvent): string[] {
  const lines = [`Extended Request Id: ${requestId}`];
  if (kind === 'CONNECT' && route !== undefined) {
    const { apiId, name } = stage;
    const key = connection.apiKey?.id ?? '';
    lines.push(
      `Verifying Usage Plan for request: ${requestId}. API Key: ${key} API Stage: ${apiId}/${name}`,
      route.apiKeyRequired
        ? `API Key ${key} authorized for route '${route.key}'`
        : `API Key  authorized because route '${route.key}' does not require API Key. Request will not contribute to throttle or quota limits`,
      `Usage Plan check succeeded for API Key ${key} and API Stage ${apiId}/${name}`,
    );
  }
  lines.push(`Starting execution for request: ${requestId}`);
  if (route !== undefined) lines.push(`WebSocket Request Route: [${route.key}]`);
  const client = `Client [UserAgent: ${connection.userAgent ?? 'null'}, SourceIp: ${connection.sourceIp}]`;
  const api = `WebSocket API [${stage.apiId}]`;
  switch (kind) {
    case 'CONNECT':
      lines.push(`${client} is connecting to ${api}.`);
      break;
    case 'MESSAGE':
      lines.push(`Client [Connection Id: ${connection.id}] sent a message to ${api}.`);
      break;
    case 'DISCONNECT':
      lines.push(`Client [Connection Id: ${connection.id}] disconnected from ${api}.`);
      break;
    default:
      unreachable(kind);
  }
  return lines;
}

function integration(event: SocketEvent, { isTraced }: ExecutionLogSettings): string[] {
  const lines: string[] = [];
  const { sent } = event;
  if (isTraced && sent !== undefined) {
    if (sent.uri !== '') {
      lines.push(
        `Endpoint request URI: ${sent.uri}`,
        `Endpoint request headers: ${headersText([...sent.headers])}`,
      );
    }
    lines.push(`Endpoint request body after transformations: ${bodyText(sent.body)}`);
  }
  if (event.integrationStatus !== undefined) {
    const millis = Math.round(event.integrationEnded - event.integrationBegan);
    lines.push(`Received response. Status: ${event.integrationStatus}, Integration latency: ${millis} ms`);
  }
  if (isTraced && sent?.answer !== undefined && sent.uri !== '') {
    const { headers, body } = sent.answer;
    const pairs = headers.pairs();
    const entries = Array.from(
      { length: pairs.length / 2 },
      (_, i) => [pairs[2 * i]!, pairs[2 * i + 1]!] as const,
    );
    lines.push(
      `Endpoint response headers: ${headersText(entries)}`,
      `Endpoint response body before transformations: ${bodyText(body)}`,
    );
  }
  return lines;
}

function ending(event: SocketEvent): string[] {
  const { failure, validationError, authorizerError, integrationError } = event;
  if (failure === undefined) return [`Successfully completed execution with status: ${event.status}`];
  const why = validationError ?? authorizerError ?? integrationError ?? failure.message;
  const lines =
    validationError === undefined ? [] : [`Request body does not match model schema: ${validationError}`];
  return [...lines, `Execution failed with status: ${failure.status}, ${failure.responseType}: ${why}`];
}

function headersText(entries: readonly (readonly [name: string, value: string])[]): string {
  const texts = entries.map(([name, value]) => `${name}=${SECRET.test(name) ? masked(value) : value}`);
  return `{${texts.join(', ')}}`;
}

/** Bytes that are no text are counted. */
function bodyText(body: string | Buffer): string {
  const text = typeof body === 'string' ? body : textOrBytes(body);
  return typeof text === 'string' ? text : `[${text.length} bytes]`;
}

/** The last characters alone. */
function masked(value: string): string {
  return `${'*'.repeat(16)}${value.length > 24 ? value.slice(-6) : ''}`;
}

function cut(line: string): string {
  if (line.length * 3 <= MAX_ENTRY) return line;
  const bytes = Buffer.from(line, 'utf8');
  if (bytes.length <= MAX_ENTRY) return line;
  let end = MAX_ENTRY;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
