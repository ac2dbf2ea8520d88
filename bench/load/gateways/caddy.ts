// Caddy as a gateway: the mapping work in its Caddyfile.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway, Manner } from '../bench.ts';
import { call } from '../call.ts';
import { type CertificateFiles, certificateFiles } from '../certificate.ts';
import { versionOf } from '../cores.ts';
import { freePort, Program } from '../program.ts';

export const caddy: Gateway = {
  name: 'caddy',
  version: () => versionOf('caddy', ['version']),
  async start(bench, { secure = false }: Manner = {}) {
    const port = await freePort();
    const file = join(bench.folder, `Caddyfile-${port}`);
    const tls = secure ? certificateFiles(bench.folder) : undefined;
    writeFileSync(file, configuration(port, bench.backend.port, tls));
    const program = new Program({
      name: 'caddy',
      command: 'caddy',
      args: ['run', '--adapter', 'caddyfile', '--config', file],
      env: {
        GOMAXPROCS: '1',
        HOME: bench.folder,
        XDG_DATA_HOME: bench.folder,
        XDG_CONFIG_HOME: bench.folder,
      },
      cores: bench.cores,
      on: bench.cores.gateway,
      log: join(bench.folder, 'caddy.log'),
    });
    await program.ready(async () => (await call({ port, secure, path: '/' })).status === 404);
    return { name: 'caddy', port, host: 'api.test', program, secure, lacks: [] };
  },
};

function configuration(port: number, backendPort: number, tls: CertificateFiles | undefined): string {
  return `{
  admin off
  auto_https off
}
${tls === undefined ? 'http' : 'https'}://:${port} {
  bind 127.0.0.1
${tls === undefined ? '' : `  tls ${tls.cert} ${tls.key}\n`}  @pet path_regexp pet ^/pets/([^/]+)$
  handle @pet {
    rewrite * /v2/animals/{re.pet.1}?{query}&src=gw
    reverse_proxy 127.0.0.1:${backendPort} {
      header_up +x-request-id {http.request.uuid}
      header_up x-stage prod
      header_up -x-secret
      header_down +x-powered-by gw
      header_down -server
      @ok status 200
      replace_status @ok 201
      transport http {
        keepalive_idle_conns_per_host 128
      }
    }
  }
  handle {
    respond 404
  }
  header -server
}
`;
}
