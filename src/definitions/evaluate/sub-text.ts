// The text of Fn::Sub (spec/definitions.md §4.2).

export type SubPart = { readonly text: string } | { readonly name: string };

export const BAD_VARIABLE =
  'Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons';

const NAME = /^[A-Za-z0-9_.:]+$/;

/** Undefined where a name is none. */
export function parseSub(text: string): readonly SubPart[] | undefined {
  const parts: SubPart[] = [];
  let from = 0;
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', from)) {
    const close = text.indexOf('}', open);
    if (close === -1) break;
    if (open > from) parts.push({ text: text.slice(from, open) });
    const inside = text.slice(open + 2, close);
    if (inside.startsWith('!')) parts.push({ text: `\${${inside.slice(1)}}` });
    else if (NAME.test(inside)) parts.push({ name: inside });
    else return undefined;
    from = close + 1;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** `Api.ApiId`: the attribute `ApiId` of `Api`; a name without a dot has none. */
export function splitName(name: string): { readonly id: string; readonly attribute: string | undefined } {
  const dot = name.indexOf('.');
  return dot === -1
    ? { id: name, attribute: undefined }
    : { id: name.slice(0, dot), attribute: name.slice(dot + 1) };
}
