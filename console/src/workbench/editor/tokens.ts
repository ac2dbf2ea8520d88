// What is coloured in values and templates: pieces of a line by their kind.

export type Language = 'value' | 'key' | 'template' | 'json' | 'text';

export type TokenKind = 'source' | 'action' | 'directive' | 'comment' | 'string' | 'number' | 'word';

/** Each named group is a kind. Every pattern takes at least one character, and none can be read in two ways. */
const PATTERNS: Readonly<Record<Language, string | undefined>> = {
  text: undefined,
  key: '^(?<action>append|overwrite|remove):|^(?<source>integration\\.request|route\\.response|method\\.response)\\.',
  // The values of HTTP APIs, and those of WebSocket APIs, which are without a dollar.
  value:
    '(?<source>\\$\\{[^{}$\\s]*\\}?|\\$(?:request|response|context|stageVariables)\\.[\\w.:[\\]*-]*|' +
    "^(?:route\\.request|method\\.request|integration\\.response|context|stageVariables)\\.[\\w.:[\\]*-]*)|(?<string>^'[^']*'$)",
  template:
    '(?<comment>##.*)|(?<directive>#(?:\\{(?:set|if|elseif|else|end|foreach|break|stop)\\}|(?:set|if|elseif|else|end|foreach|break|stop)\\b))|' +
    '(?<source>\\$!?\\{?[A-Za-z_][\\w-]*(?:\\.[A-Za-z][\\w-]*)*\\}?)|(?<string>"[^"$#\\\\]*"|\'[^\']*\')|(?<number>\\b\\d+(?:\\.\\d+)?\\b)',
  json: '(?<string>"(?:[^"\\\\]|\\\\.)*"?)|(?<number>-?\\b\\d[\\d.eE+-]*)|(?<word>\\b(?:true|false|null)\\b)',
};

const REGEXPS = new Map<Language, RegExp | undefined>(
  Object.entries(PATTERNS).map(([language, pattern]) => [
    language as Language,
    pattern === undefined ? undefined : new RegExp(pattern, 'g'),
  ]),
);

/** The pattern of a language's pieces, with the flag `g`; undefined where nothing is coloured. */
export function tokenPattern(language: Language): RegExp | undefined {
  return REGEXPS.get(language);
}

export function tokenKind(match: RegExpMatchArray): TokenKind {
  const found = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined);
  return (found?.[0] ?? 'word') as TokenKind;
}
