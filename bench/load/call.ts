// One HTTP call by Node's own client, for readiness, checks and probes.
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true });

export function call(options: {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { port, path, method = 'GET', headers = {} } = options;
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers, agent, timeout: 10_000 },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const body = Buffer.concat(chunks).toString('latin1');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        });
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${path} in 10 s`)));
    outgoing.once('error', reject);
    outgoing.end(options.body);
  });
}
