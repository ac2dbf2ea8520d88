// Sources of mapping values: what stands behind `$` or inside `${}` (spec/http-api.md §4.4, §4.5, §4.19).
import { type JsonPath, parseJsonPath, printJsonPath } from './json-path.ts';
import { TOKEN } from './token.ts';

export type Side = 'request' | 'response';

export type Part =
  | { readonly from: 'text'; readonly text: string }
  | { readonly from: NamedSource; readonly name: string }
  | { readonly from: 'path' }
  | { readonly from: 'body'; readonly path: JsonPath | undefined };

type NamedSource = 'header' | 'query' | 'pathParameter' | 'stageVariable' | 'context';

/** How the name of a source ends: by its alphabet, or by the brace. */
type Form = 'bare' | 'braced';

const ROOTS: Readonly<Record<Side, readonly (readonly [root: string, from: NamedSource])[]>> = {
  request: [
    ['request.header.', 'header'],
    ['request.querystring.', 'query'],
    ['request.path.', 'pathParameter'],
    ['context.', 'context'],
    ['stageVariables.', 'stageVariable'],
  ],
  response: [
    ['response.header.', 'header'],
    ['context.', 'context'],
    ['stageVariables.', 'stageVariable'],
  ],
};

/** Names that no request can have are names too; blanks and control characters are not. */
const AS_WRITTEN = /^[^\s\u0000-\u001f\u007f]+$/;
const CONTEXT_NAME = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;

const NAMES: Readonly<Record<Form, Readonly<Record<NamedSource, RegExp>>>> = {
  bare: {
    header: TOKEN,
    query: /^[^\s$/,;\u0000-\u001f\u007f]+$/,
    pathParameter: /^[A-Za-z0-9_.:-]+$/,
    context: CONTEXT_NAME,
    stageVariable: /^[A-Za-z0-9_]+$/,
  },
  braced: {
    header: AS_WRITTEN,
    query: AS_WRITTEN,
    pathParameter: AS_WRITTEN,
    context: CONTEXT_NAME,
    stageVariable: AS_WRITTEN,
  },
};

/** Beginnings of all sources of a side, without `$`: `request.header.`, and `request.path`, which is a whole one. */
export function sourceBeginnings(
  side: Side,
): readonly { readonly text: string; readonly from: Part['from'] }[] {
  const named = ROOTS[side].map(([text, from]) => ({ text, from }));
  const whole: readonly (readonly [text: string, from: Part['from']])[] = [
    ['request.path', 'path'],
    [`${side}.body`, 'body'],
    [`${side}.body.`, 'body'],
  ];
  const taken = whole.filter(([text]) => parseSource(text.endsWith('.') ? `${text}x` : text, side, 'bare'));
  return [...named, ...taken.map(([text, from]) => ({ text, from }))];
}

/** `request.header.x-a` and the like, without `$` and braces; undefined when it is no source of that side. */
export function parseSource(text: string, side: Side, form: Form): Part | undefined {
  const named = ROOTS[side].find(([root]) => text.startsWith(root));
  if (named !== undefined) {
    const [root, from] = named;
    const name = text.slice(root.length);
    return NAMES[form][from].test(name) ? { from, name } : undefined;
  }
  if (side === 'request' && text === 'request.path') return { from: 'path' };
  const body = `${side}.body`;
  if (!text.startsWith(body)) return undefined;
  const rest = text.slice(body.length);
  if (rest === '') return { from: 'body', path: undefined };
  try {
    return { from: 'body', path: parseJsonPath(rest) };
  } catch {
    return undefined;
  }
}

/** The text of a source, which parseSource reads back. */
export function printSource(part: Part, side: Side): string {
  switch (part.from) {
    case 'text':
      return part.text;
    case 'path':
      return 'request.path';
    case 'body':
      return `${side}.body${part.path === undefined ? '' : printJsonPath(part.path)}`;
    default:
      return `${ROOTS[side].find(([, from]) => from === part.from)?.[0]}${part.name}`;
  }
}
