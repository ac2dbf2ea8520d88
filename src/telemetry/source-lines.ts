// Stacks of bundled code, with the files and lines that it was made of (docs/decisions/0019-one-bundle.md). Node.js would do so too,
// but reads every source map at the start and again looks at each stack that anybody makes; here it costs whoever prints one.
import { existsSync, readFileSync } from 'node:fs';

const { SourceMap } = process.getBuiltinModule('node:module');
type SourceMapOf = InstanceType<typeof SourceMap>;

const PLACE = /(file:\/\/[^\s()]+\.js):(\d{1,7}):(\d{1,7})/g;

/** Where our code is: a message in a stack may have places of anybody's choice. */
const OWN = new URL('../..', import.meta.url).href;

const maps = new Map<string, SourceMapOf>();

/** The text of a stack, its places in files that have source maps replaced. */
export function withSourceLines(stack: string): string {
  return stack.replace(PLACE, (place, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry)) return place;
    const { originalSource, originalLine, originalColumn } = entry;
    return `${new URL(originalSource, file).href}:${originalLine + 1}:${originalColumn + 1}`;
  });
}

function mapOf(file: string): SourceMapOf | undefined {
  if (!file.startsWith(OWN) || file.includes('/../')) return undefined;
  const map = maps.get(file) ?? readMap(new URL(`${file}.map`));
  if (map !== undefined) maps.set(file, map);
  return map;
}

function readMap(url: URL): SourceMapOf | undefined {
  try {
    return existsSync(url) ? new SourceMap(JSON.parse(readFileSync(url, 'utf8'))) : undefined;
  } catch {
    // Half a map is none: the places of the bundle are better than no stack.
    return undefined;
  }
}
