// Layers are not mounted, but the packages of those that are on this machine are found (spec/definitions.md §7.5).
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '../settings.ts';
import type { LayerPaths, LayerSource } from './code-source.ts';
import { isZip, unpackZip } from './unpack-zip.ts';

/** `all` is the directory for code that is kept in the data directory. Throws ZipError. */
export async function layerPaths(
  layers: readonly LayerSource[],
  family: Runtime,
  all: string,
): Promise<LayerPaths> {
  const directories: [string, string][] = [];
  for (const { name, path } of layers) {
    const packages = path && (await packagesIn(path, family, all));
    if (packages !== undefined) directories.push([name, packages]);
  }
  return {
    variable: family === 'python' ? 'PYTHONPATH' : 'NODE_PATH',
    directories: Object.fromEntries(directories),
  };
}

async function packagesIn(path: string, family: Runtime, all: string): Promise<string | undefined> {
  if (family === 'provided') return undefined;
  const root = (await isZip(path)) ? await unpackZip(path, all) : path;
  const packages = join(root, family === 'python' ? 'python' : join('nodejs', 'node_modules'));
  return (await stat(packages).catch(() => undefined))?.isDirectory() === true ? packages : undefined;
}
