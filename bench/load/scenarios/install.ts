// What `npm install postern` brings: the package is packed, and installed as production does.
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Outcome, Scenario } from '../bench.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const MEBI = 1024 * 1024;
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

export const install: Scenario = {
  name: 'install',
  title: 'An installation for production, from a package of this tree',
  async run(bench): Promise<Outcome> {
    const folder = join(bench.folder, 'install');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const npm = async (cwd: string, ...words: string[]): Promise<string> =>
      (await promisify(execFile)('npm', words, { cwd, encoding: 'utf8' })).stdout.trim();
    const packed = await npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', folder, '--silent');
    await npm(folder, 'install', '--omit=dev', ...QUIET, join(folder, packed.split('\n').at(-1)!));
    const modules = join(folder, 'node_modules');
    const megabytes = onDisk(modules) / MEBI;
    const packages = packagesIn(modules);
    return {
      table: [
        {
          'MB on disk': megabytes.toFixed(1),
          'MB of these its own': (onDisk(join(modules, 'postern')) / MEBI).toFixed(1),
          packages,
        },
      ],
      goals: [
        { what: 'production install', value: megabytes, unit: ' MB', atMost: 50 },
        { what: 'packages', value: packages, unit: '', atMost: 45 },
      ],
    };
  },
};

/** Bytes of the blocks that a folder takes, as `du` counts. */
function onDisk(path: string): number {
  const { blocks } = lstatSync(path);
  const own = blocks * 512;
  if (!lstatSync(path).isDirectory()) return own;
  return readdirSync(path).reduce((sum, name) => sum + onDisk(join(path, name)), own);
}

/** Packages in a `node_modules`, those of their own ones included. */
function packagesIn(modules: string): number {
  if (!existsSync(modules)) return 0;
  const names = readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
    );
  return names.reduce((sum, name) => sum + 1 + packagesIn(join(modules, name, 'node_modules')), 0);
}
