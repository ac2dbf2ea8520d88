// The base path in a document's servers, and what it does to paths (spec/openapi.md §6.3, Choices O13, O35).

import { memberOf, type Node, textOf } from '../../tree/node.ts';
import { DefinitionError } from '../definition.ts';

export type BasePathMode = 'ignore' | 'prepend' | 'split';

/** It goes in front of every route key, so its length is paid for that often. */
const MAX_LENGTH = 2_048;

/** What goes in front of every path: `/a/b`, or '' for nothing. Throws DefinitionError for a base path that is too long. */
export function basePathOf(root: Node, mode: BasePathMode): string {
  if (mode === 'ignore') return '';
  const servers = memberOf(root, 'servers');
  if (servers?.kind !== 'list') return '';
  const segments = (variableOf(servers.items) ?? urlPathOf(servers.items[0]))
    .split('/')
    .filter((each) => each !== '');
  if (mode === 'split') segments.shift();
  return segments.map((segment) => `/${segment}`).join('');
}

/** A path of the document behind the base path. One that has no leading slash is no path, and stays none. */
export function withBasePath(basePath: string, path: string): string {
  if (basePath === '' || !path.startsWith('/')) return path;
  return path === '/' ? basePath : basePath + path;
}

/** The variable `basePath` of the first server that has one, whether its url mentions it or not. */
function variableOf(servers: readonly Node[]): string | undefined {
  for (const server of servers) {
    const value = defaultOf(server, 'basePath');
    if (value !== undefined) return value;
  }
  return undefined;
}

function defaultOf(server: Node | undefined, variable: string): string | undefined {
  return shortTextOf(memberOf(memberOf(memberOf(server, 'variables'), variable), 'default'));
}

/** Relative urls count, and placeholders stand for their defaults. */
function urlPathOf(server: Node | undefined): string {
  const written = shortTextOf(memberOf(server, 'url')) ?? '';
  const url = written.replace(/\{([^{}]*)\}/g, (placeholder, name) => defaultOf(server, name) ?? placeholder);
  return url.replace(/[?#].*$/s, '').replace(/^(?:[a-z][a-z\d+.-]*:)?\/\/[^/]*/i, '');
}

function shortTextOf(node: Node | undefined): string | undefined {
  const text = textOf(node);
  if (node === undefined || text === undefined || text.length <= MAX_LENGTH) return text;
  const detail = `a base path has at most ${MAX_LENGTH} characters`;
  throw new DefinitionError('Invalid OpenAPI input.', node.offset, detail);
}
