// nginx as a gateway: the mapping work in its own configuration. It cannot turn 200 into 201 and always writes Server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nginxHead } from '../backend.ts';
import type { Gateway } from '../bench.ts';
import { call } from '../call.ts';
import { versionOf } from '../cores.ts';
import { freePort, Program } from '../program.ts';

export const nginx: Gateway = {
  name: 'nginx',
  version: () => versionOf('nginx', ['-v']),
  async start(bench) {
    const port = await freePort();
    const folder = join(bench.folder, 'nginx');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, bench.backend.port));
    const program = new Program({
      name: 'nginx',
      command: 'nginx',
      args: ['-p', folder, '-c', join(folder, 'nginx.conf')],
      cores: bench.cores,
      on: bench.cores.gateway,
      log: join(bench.folder, 'nginx.log'),
    });
    await program.ready(async () => (await call({ port, path: '/' })).status === 404);
    return { name: 'nginx', port, host: 'api.test', program, lacks: ['status', 'server'] };
  },
};

function configuration(folder: string, port: number, backendPort: number): string {
  return `${nginxHead(folder)}
  upstream backend {
    server 127.0.0.1:${backendPort};
    keepalive 128;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^/pets/(?<pet>[^/]+)$ {
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header x-request-id $request_id;
      proxy_set_header x-stage prod;
      proxy_set_header x-secret "";
      proxy_pass http://backend/v2/animals/$pet?$args&src=gw;
      add_header x-powered-by gw always;
    }
    location / { return 404; }
  }
}
`;
}
