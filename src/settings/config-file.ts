// The configuration file: YAML read with positions, so that every complaint says line and column.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Document, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigNode } from './config-node.ts';
import { type ConfigFile, FILE } from './config-shape.ts';
import { NO_SECTIONS } from './sections.ts';
import { UsageError } from './usage-error.ts';

/** Reads a configuration file; `name` is what messages call it, `where` who named it. Throws UsageError. */
export async function readConfigFile(path: string, where: string, name: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a directory'
          : `cannot be read (${code})`;
    throw new UsageError(`${where} names the configuration file ${name}, which ${why}.`);
  }
  return parseConfig(text, name, dirname(path));
}

/** Reads the text of a configuration file; `name` is its name in messages, its relative paths start in `directory`.
 *  Throws UsageError. */
export function parseConfig(text: string, name: string, directory: string): ConfigFile {
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UsageError(`${name}:${line}:${col}: this is not YAML: ${error.message}.`);
  }
  const root = document.contents;
  // An empty file, or only comments, has no root.
  if (root === null || (isScalar(root) && root.value === null)) {
    return { settings: new Map(), credentials: [], sections: NO_SECTIONS };
  }
  return FILE.read(new ConfigNode({ name, lines, directory }, root, ''));
}
