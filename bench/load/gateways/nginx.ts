// nginx as a gateway: the mapping work in its own configuration. It cannot turn 200 into 201 and always writes Server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessLogFormat } from '../access-log.ts';
import { nginxHead } from '../backend.ts';
import type { Gateway, Manner } from '../bench.ts';
import { call } from '../call.ts';
import { type CertificateFiles, certificateFiles } from '../certificate.ts';
import { versionOf } from '../cores.ts';
import { freePort, Program } from '../program.ts';

export const nginx: Gateway = {
  name: 'nginx',
  version: () => versionOf('nginx', ['-v']),
  async start(bench, { secure = false, accessLog = false }: Manner = {}) {
    const port = await freePort();
    const folder = join(bench.folder, `nginx-${port}`);
    const log = accessLog ? join(folder, 'access.log') : undefined;
    mkdirSync(folder, { recursive: true });
    const tls = secure ? certificateFiles(folder) : undefined;
    writeFileSync(
      join(folder, 'nginx.conf'),
      configuration({ folder, port, backendPort: bench.backend.port, tls, log }),
    );
    const program = new Program({
      name: 'nginx',
      command: 'nginx',
      args: ['-p', folder, '-c', join(folder, 'nginx.conf')],
      cores: bench.cores,
      on: bench.cores.gateway,
      log: join(bench.folder, 'nginx.log'),
    });
    await program.ready(async () => (await call({ port, secure, path: '/' })).status === 404);
    return {
      ...{ name: 'nginx', port, host: 'api.test', program, secure, lacks: ['status', 'server'] },
      ...(log === undefined ? {} : { accessLog: log }),
    };
  },
};

function configuration(options: {
  readonly folder: string;
  readonly port: number;
  readonly backendPort: number;
  readonly tls: CertificateFiles | undefined;
  readonly log: string | undefined;
}): string {
  const { folder, port, backendPort, tls, log } = options;
  // Lines are gathered, and written once a second at the latest: nginx's own best way.
  const logging =
    log === undefined
      ? ''
      : `  log_format line escape=json '${accessLogFormat('nginx')}';
  access_log ${log} line buffer=64k flush=1s;
`;
  const certificate =
    tls === undefined
      ? ''
      : `    ssl_certificate ${tls.cert};
    ssl_certificate_key ${tls.key};
    ssl_protocols TLSv1.3;
`;
  return `${nginxHead(folder, log === undefined)}
${logging}  proxy_max_temp_file_size 0;
  upstream backend {
    server 127.0.0.1:${backendPort};
    keepalive 128;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl http2'} backlog=4096;
${certificate}    location ~ ^/pets/(?<pet>[^/]+)$ {
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
