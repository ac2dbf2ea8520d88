// Values of the parameters of AWS service integrations: JSON with braces is text there (spec/http-api.md §3.7, §4.4,
// §4.19). Action mappings stored by older versions are read the same way where the newer rules refuse them.
import { badValue } from './mapping-error.ts';
import { type Part, parseSource, type Side } from './mapping-source.ts';
import { MAX_VALUE_LENGTH, type MappingValue } from './mapping-value.ts';

/** How an unbraced source begins. */
const SOURCE = /\$(?:request|response|context|stageVariables)\./;

/** Parses a value: with `${}` in it, what is in braces is a source and all else text; otherwise sources stand without.
 *  Throws GrammarError with the whole value. */
export function parseServiceValue(text: string, side: Side = 'request'): MappingValue {
  const isShort = text.length <= MAX_VALUE_LENGTH;
  const value = !isShort
    ? undefined
    : text.includes('${')
      ? parseBraced(text, side)
      : parseUnbraced(text, side);
  if (value === undefined) throw badValue(text);
  return value;
}

function parseBraced(text: string, side: Side): MappingValue | undefined {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    const end = open < 0 ? text.length : open;
    if (end > at) parts.push({ from: 'text', text: text.slice(at, end) });
    if (open < 0) break;
    const close = text.indexOf('}', open);
    const inner = text.slice(open + 2, Math.max(close, open));
    const part = inner.includes('${') ? undefined : parseSource(inner, side, 'bare');
    if (part === undefined) return undefined;
    parts.push(part);
    at = close + 1;
  }
  const only = parts.length === 1 ? parts[0]! : undefined;
  return only === undefined ? { kind: 'template', parts } : { kind: 'selector', part: only };
}

function parseUnbraced(text: string, side: Side): MappingValue | undefined {
  const part = text.startsWith('$') ? parseSource(text.slice(1), side, 'bare') : undefined;
  const selector: MappingValue | undefined = part === undefined ? undefined : { kind: 'selector', part };
  // A name may hold `$`, but two sources in a row are two sources wherever they can be.
  if (selector !== undefined && !SOURCE.test(text.slice(1))) return selector;
  if (SOURCE.test(text)) return parseEmbedded(text, side) ?? selector;
  return /^\$[A-Za-z]/.test(text) ? selector : { kind: 'static', text };
}

const EMBEDDED = /\$((?:request|response|context|stageVariables)\.[A-Za-z0-9_.-]*)/g;

function parseEmbedded(text: string, side: Side): MappingValue | undefined {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(EMBEDDED)) {
    if (match.index > from) parts.push({ from: 'text', text: text.slice(from, match.index) });
    const token = match[1]!.replace(/[.-]+$/, '');
    const part = parseSource(token, side, 'bare');
    if (part === undefined || /^[[\]()'":?]/.test(text.slice(match.index + match[0].length)))
      return undefined;
    parts.push(part);
    from = match.index + 1 + token.length;
  }
  if (from < text.length) parts.push({ from: 'text', text: text.slice(from) });
  return { kind: 'template', parts };
}
