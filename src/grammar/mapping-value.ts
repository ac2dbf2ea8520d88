// Values of parameter mapping: text, one source, or both mixed (spec/http-api.md §4.4, §4.19). Parsed when written;
// compiled when deployed. The values of service parameters are another dialect: service-value.ts.
import { unreachable } from '../defect.ts';
import { badValue } from './mapping-error.ts';
import { type Part, parseSource, printSource, type Side } from './mapping-source.ts';

export type MappingValue =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'selector'; readonly part: Part }
  | { readonly kind: 'template'; readonly parts: readonly Part[] };

/** In characters (§4.12). */
export const MAX_VALUE_LENGTH = 512;

/** Parses a value. Throws GrammarError with the whole value. */
export function parseMappingValue(text: string, side: Side): MappingValue {
  const parts = text.length > MAX_VALUE_LENGTH ? undefined : (wholeSource(text, side) ?? scan(text, side));
  if (parts === undefined) throw badValue(text);
  if (parts.length > 1) return { kind: 'template', parts };
  const part = parts[0] ?? { from: 'text', text };
  return part.from === 'text' ? { kind: 'static', text: part.text } : { kind: 'selector', part };
}

/** A value that is one source without braces: its name has the whole alphabet of its kind. */
function wholeSource(text: string, side: Side): Part[] | undefined {
  if (!text.startsWith('$') || /[${}]/.test(text.slice(1))) return undefined;
  const part = parseSource(text.slice(1), side, 'bare');
  return part && [part];
}

const SOURCE = /\$((?:request|response|context|stageVariables)\.[A-Za-z0-9_.-]*)/y;
/** What would go on with a source's name if it were one. */
const NO_END = /[[\]()'":?]/y;
const TEXT = /[^${}]+/y;
/** What a dollar that begins no source is judged with. */
const RUN = /\$[^\s$/,;]*/y;

/** The parts from left to right, no two texts in a row; undefined for what is no value. */
function scan(text: string, side: Side): Part[] | undefined {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  const take = (part: Part | undefined, length: number): boolean => {
    if (literal !== '') parts.push({ from: 'text', text: literal });
    literal = '';
    if (part !== undefined) parts.push(part);
    at += length;
    return part !== undefined;
  };
  while (at < text.length) {
    const plain = matchAt(TEXT, text, at);
    if (plain !== undefined) {
      literal += plain;
      at += plain.length;
    } else if (text.startsWith('${', at)) {
      const close = text.indexOf('}', at);
      if (close < 0 || !take(parseSource(text.slice(at + 2, close), side, 'braced'), close + 1 - at))
        return undefined;
    } else if (text[at] !== '$') return undefined;
    else {
      const found = matchAt(SOURCE, text, at);
      if (found !== undefined) {
        const token = found.slice(1).replace(/[.-]+$/, '');
        if (matchAt(NO_END, text, at + found.length) !== undefined) return undefined;
        if (!take(parseSource(token, side, 'bare'), 1 + token.length)) return undefined;
      } else if ([...matchAt(RUN, text, at)!].length > 2) return undefined;
      else {
        literal += '$';
        at++;
      }
    }
  }
  take(undefined, 0);
  return parts;
}

function matchAt(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

/** The text of a value, in either dialect. Selectors are printed without braces where that means the same. */
export function printMappingValue(value: MappingValue, side: Side): string {
  switch (value.kind) {
    case 'static':
      return value.text;
    case 'selector': {
      const source = printSource(value.part, side);
      const isBare = !/[${]/.test(source) && parseSource(source, side, 'bare') !== undefined;
      return isBare || source.includes('}') ? `$${source}` : `\${${source}}`;
    }
    case 'template':
      return value.parts
        .map((part) => (part.from === 'text' ? part.text : `\${${printSource(part, side)}}`))
        .join('');
    default:
      unreachable(value);
  }
}
