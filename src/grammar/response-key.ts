// Keys of integration responses: `$default`, or a pattern between slashes (spec/websocket-api.md §4.3).
import { GrammarError } from './grammar-error.ts';

/** The text of the pattern; undefined for `$default`. Throws GrammarError; the caller knows whether the pattern is one. */
export function parseResponseKey(text: string): string | undefined {
  if (text === '$default') return undefined;
  const [, pattern] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (pattern === undefined) throw badResponseKey(text);
  return pattern;
}

export function badResponseKey(text: string): GrammarError {
  return new GrammarError(
    `Invalid integration response key specified: ${text}. It is $default, or a regular expression between slashes such as /2\\d\\d/.`,
  );
}
