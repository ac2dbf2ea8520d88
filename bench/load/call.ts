// One HTTP call by Node's own client, for readiness, checks and probes.
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { TRUST } from './certificate.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true });
const secureAgent = new SecureAgent({ keepAlive: true, ...TRUST });

export function call(options: {
  readonly port: number;
  /** Over TLS. */
  readonly secure?: boolean;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { port, secure = false, path, method = 'GET', headers = {} } = options;
    const ask = secure ? secureRequest : request;
    const outgoing = ask(
      {
        ...{ host: '127.0.0.1', port, path, method, headers, timeout: 10_000 },
        agent: secure ? secureAgent : agent,
      },
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
