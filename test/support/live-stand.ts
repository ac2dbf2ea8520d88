// A program with one HTTP API whose requests are looked at, and ways to look.
import { rm } from 'node:fs/promises';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import type { RecordedRequest as Recorded } from '../../src/gateway/live/recorded-request.ts';
import type { Trace } from '../../src/http-api/explain/trace.ts';
import { type OneProcess, startPostern } from '../../src/main.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type { RequestSummary } from '../../src/stage/request-summary.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { makeTestDirectory, REGION, testSettings } from './postern.ts';
import { startRecordingBackend } from './recording-backend.ts';
import { sign } from './signing.ts';

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** A stream of server-sent events that is open. */
export class EventReader {
  readonly events: ServerEvent[] = [];
  /** As it came. */
  text = '';
  isOver = false;
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #heard: () => void = () => undefined;

  constructor(response: Response) {
    this.status = response.status;
    this.#reader = response.body!.getReader();
    void this.#read();
  }

  /** All requests so far. */
  get requests(): readonly RequestSummary[] {
    return this.events.flatMap(({ event, data }) => (event === 'requests' ? (data as RequestSummary[]) : []));
  }

  get skipped(): number {
    const counts = this.events.map(({ event, data }) =>
      event === 'skipped' ? (data as { readonly count: number }).count : 0,
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await this.#reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) break;
      const text = decoder.decode(value, { stream: true });
      this.text += text;
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) this.#take(block);
      this.#heard();
    }
    this.isOver = true;
    this.#heard();
  }

  /** As the standard of server-sent events says it is read. */
  #take(block: string): void {
    let event = 'message';
    const data: string[] = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line)!;
      if (name === 'event') event = value!;
      if (name === 'data') data.push(value!);
    }
    if (data.length > 0) this.events.push({ event, data: JSON.parse(data.join('\n')) });
  }
}

export async function startLiveStand(changes: Partial<Settings> = {}) {
  const directory = await makeTestDirectory();
  const errors: string[] = [];
  const log = createLog({
    level: 'error',
    pretty: false,
    colour: false,
    output: { write: (line) => errors.push(line) },
  });
  const settings: Settings = { ...testSettings(directory), ...changes };
  const postern: OneProcess = await startPostern(settings, log);
  const backend = await startRecordingBackend();
  const client = new ApiGatewayV2({
    endpoint: postern.management,
    region: REGION,
    credentials: settings.credentials[0] ?? { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const { ApiId: apiId } = await client.createApi({ Name: 'pets', ProtocolType: 'HTTP' });
  const base = `${postern.gateway}/_aws/execute-api/${apiId}/prod`;

  /** A route to the backend. */
  async function route(RouteKey: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { IntegrationId } = await client.createIntegration({
      ApiId: apiId!,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://127.0.0.1:${backend.port}/animals`,
      PayloadFormatVersion: '1.0',
      ...more,
    });
    await client.createRoute({ ApiId: apiId!, RouteKey, Target: `integrations/${IntegrationId}` });
  }
  await client.createStage({ ApiId: apiId!, StageName: 'prod', AutoDeploy: true });
  await route('ANY /pets/{id}');

  /** GET, or POST of what is given. */
  async function ask(
    path: string,
    key?: { accessKeyId: string; secretAccessKey: string },
    given?: object,
  ): Promise<Response> {
    const url = new URL(`/_postern/${path}`, postern.management);
    const init = given === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(given) };
    if (key === undefined) return fetch(url, init);
    const signed = await sign(
      { ...init, host: url.host, path: url.pathname, query: Object.fromEntries(url.searchParams) },
      { ...key, service: 'apigateway' },
    );
    const headers = signed.lines.map((line) => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
    return fetch(url, {
      ...init,
      headers: Object.fromEntries(headers.filter(([name]) => !/^host$/i.test(name!))),
    });
  }

  return {
    apiId: apiId!,
    base,
    backend,
    client,
    errors,
    postern,
    settings,
    route,
    ask,
    async list(query = ''): Promise<readonly RequestSummary[]> {
      const { requests } = (await (await ask(`requests${query}`)).json()) as { requests: RequestSummary[] };
      return requests;
    },
    async one(id: string): Promise<Omit<Recorded, 'trace'> & { readonly trace: Trace }> {
      const response = await ask(`requests/${encodeURIComponent(id)}`);
      return (await response.json()) as Recorded & { trace: Trace };
    },
    async stream(query = ''): Promise<EventReader> {
      return new EventReader(await ask(`requests/stream${query}`));
    },
    async close(): Promise<void> {
      client.destroy();
      await postern.close(2_000);
      await backend.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type LiveStand = Awaited<ReturnType<typeof startLiveStand>>;
