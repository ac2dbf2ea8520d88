// JSON with line ends. Only the space between tokens changes: numbers, escapes and repeated names stay as they were sent, which
// JSON.parse would not keep.

/** Undefined where the text is no JSON object or array. */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(TOKEN) ?? [];
  let printed = '';
  let depth = 0;
  tokens.forEach((token, at) => {
    const isEnd = token === '}' || token === ']';
    if (isEnd) depth--;
    const before = tokens[at - 1];
    const isEmpty = isEnd && (before === '{' || before === '[');
    if ((isEnd && !isEmpty) || (!isEnd && (before === '{' || before === '[' || before === ',')))
      printed += `\n${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}`;
    printed += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth++;
  });
  return printed;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Of 64 KiB of `[` a line each would be a gigabyte of space. */
const DEEPEST_INDENT = 40;
