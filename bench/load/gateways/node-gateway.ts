// A gateway that is a Node.js script of this folder, run by the same Node.js as everything else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Gateway } from '../bench.ts';
import { call } from '../call.ts';
import { freePort, Program } from '../program.ts';

/** `packageName` is what must be installed, `script` the server beside this file: it is given its port and the backend's. */
export function nodeGateway(name: string, packageName: string, script: string): Gateway {
  return {
    name,
    version: () => packageVersion(packageName),
    async start(bench) {
      const port = await freePort();
      const program = new Program({
        name,
        command: process.execPath,
        args: [fileURLToPath(new URL(script, import.meta.url)), String(port), String(bench.backend.port)],
        env: { NODE_ENV: 'production' },
        cores: bench.cores,
        on: bench.cores.gateway,
        log: join(bench.folder, `${name}.log`),
      });
      await program.ready(async () => (await call({ port, path: '/' })).status === 404);
      return { name, port, host: 'api.test', program, secure: false, lacks: [] };
    },
  };
}

/** The version in the package.json beside a package's entry file; undefined when it is not installed. */
function packageVersion(packageName: string): string | undefined {
  try {
    const entry = fileURLToPath(import.meta.resolve(packageName));
    const folder = entry.slice(0, entry.lastIndexOf(`/${packageName}/`) + packageName.length + 2);
    const manifest: { version?: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return manifest.version;
  } catch {
    return undefined;
  }
}
