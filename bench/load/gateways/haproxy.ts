// HAProxy as a gateway: the mapping work in its own rules.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway, Manner } from '../bench.ts';
import { call } from '../call.ts';
import { type CertificateFiles, certificateFiles } from '../certificate.ts';
import { versionOf } from '../cores.ts';
import { freePort, Program } from '../program.ts';

export const haproxy: Gateway = {
  name: 'haproxy',
  version: () => versionOf('haproxy', ['-v']),
  async start(bench, { secure = false }: Manner = {}) {
    const port = await freePort();
    const file = join(bench.folder, `haproxy-${port}.cfg`);
    const tls = secure ? certificateFiles(bench.folder) : undefined;
    writeFileSync(file, configuration(port, bench.backend.port, tls));
    const program = new Program({
      name: 'haproxy',
      command: 'haproxy',
      args: ['-db', '-f', file],
      cores: bench.cores,
      on: bench.cores.gateway,
      log: join(bench.folder, 'haproxy.log'),
    });
    await program.ready(async () => (await call({ port, secure, path: '/' })).status === 404);
    return { name: 'haproxy', port, host: 'api.test', program, secure, lacks: [] };
  },
};

function configuration(port: number, backendPort: number, tls: CertificateFiles | undefined): string {
  const secure = tls === undefined ? '' : ` ssl crt ${tls.pem} alpn h2,http/1.1 ssl-min-ver TLSv1.3`;
  return `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 300s
  timeout server 30s
  timeout http-keep-alive 300s
frontend gateway
  bind 127.0.0.1:${port}${secure}
  unique-id-format %{+X}o\\ %ci%cp%Ts%rt
  acl pet path_reg ^/pets/[^/]+$
  http-request return status 404 unless pet
  http-request add-header x-request-id %[unique-id]
  http-request set-header x-stage prod
  http-request del-header x-secret
  http-request set-path /v2/animals/%[path,field(3,/)]
  http-request set-query %[query]&src=gw
  http-response set-status 201
  http-response add-header x-powered-by gw
  http-response del-header server
  default_backend animals
backend animals
  http-reuse always
  server a 127.0.0.1:${backendPort}
`;
}
