// The backend: nginx with a reply of 1 KB that says 200 only to a request mapped as it should be, else 418. A body is
// read whole before the reply, so that no gateway meets an early one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call } from './call.ts';
import type { Cores } from './cores.ts';
import { freePort, Program } from './program.ts';
import { HEADERS } from './requests.ts';

export interface Backend {
  readonly port: number;
  readonly program: Program;
}

/** What must arrive at each path: method, path, arguments, then headers, each ended by `;`. Regular expressions. */
const EXPECTED: Readonly<Record<string, string>> = {
  // The six changes of bench/METHOD.md.
  '/v2/animals/': 'GET|POST;/v2/animals/(?:42|100k|1m);limit=10&name=rex&src=gw;prod;;.+;;;',
  // No change at all.
  '/plain/': `GET|POST;/plain/42;limit=10&name=rex;dev;${HEADERS['x-secret']};;;;`,
  // Ten changes.
  '/ten/': 'GET;/ten/42;limit=10&name=rex&pet=42&src=gw;prod;;.+;bench/1\\.0 .*;blue-\\$default;',
  // One header out of the body.
  '/body/': `POST;/body/42;limit=10&name=rex;dev;${HEADERS['x-secret']};;rex;;`,
};

export const REPLY = `{"id":42,"name":"rex","filler":"${'0123456789abcdef'.repeat(61)}"}`.padEnd(1024, ' ');

/** Pets whose description is long, in bytes: `GET /pets/100k` becomes `/v2/animals/100k`, and is answered by a file. */
export const LARGE_REPLIES = { '100k': 100 * 1024, '1m': 1024 * 1024 } as const;

export async function startBackend(bench: {
  readonly cores: Cores;
  readonly folder: string;
}): Promise<Backend> {
  const port = await freePort();
  const folder = join(bench.folder, 'backend');
  mkdirSync(join(folder, 'empty'), { recursive: true });
  mkdirSync(join(folder, 'large/v2/animals'), { recursive: true });
  for (const [name, bytes] of Object.entries(LARGE_REPLIES))
    writeFileSync(join(folder, 'large/v2/animals', name), REPLY.repeat(bytes / REPLY.length));
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port));
  const program = new Program({
    name: 'backend nginx',
    command: 'nginx',
    args: ['-p', folder, '-c', join(folder, 'nginx.conf')],
    cores: bench.cores,
    on: bench.cores.backend,
    log: join(bench.folder, 'backend.log'),
  });
  await program.ready(async () => (await call({ port, path: '/health' })).status === 204);
  return { port, program };
}

/** Directives both our nginx configurations begin with. */
export function nginxHead(folder: string, isQuiet = true): string {
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `${user}daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
pcre_jit on;
events { worker_connections 4096; }
http {
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
${isQuiet ? '  access_log off;\n' : ''}  keepalive_requests 100000000;
  keepalive_timeout 300s;
  tcp_nodelay on;`;
}

function configuration(folder: string, port: number): string {
  const seen =
    '$request_method;$uri;$args;$http_x_stage;$http_x_secret;$http_x_request_id;$http_x_note;$http_x_place;';
  const rules = Object.values(EXPECTED).map((pattern) => {
    const [method, ...rest] = pattern.split(';');
    return `    "~^(?:${method});${rest.join(';')}$" 1;`;
  });
  const locations = Object.keys(EXPECTED).map(
    (path) => `    location ${path} {
      if ($mapped = 0) { return 418; }
      if ($request_method = GET) { return 200 '${REPLY}'; }
      mirror /sink;
      root ${folder}/empty;
      log_not_found off;
      error_page 404 405 =200 @reply;
    }`,
  );
  return `${nginxHead(folder)}
  default_type application/json;
  client_body_buffer_size 64k;
  map "${seen}" $mapped {
    default 0;
${rules.join('\n')}
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /health { return 204; }
    location = /sink { internal; return 204; }
    location ~ ^/v2/animals/(?:${Object.keys(LARGE_REPLIES).join('|')})$ {
      if ($mapped = 0) { return 418; }
      root ${folder}/large;
      sendfile on;
    }
    location @reply { return 200 '${REPLY}'; }
${locations.join('\n')}
    location / { return 418; }
  }
}
`;
}
