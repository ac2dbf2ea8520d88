// Request path normalisation: decode once, collapse slashes, drop `.`, refuse `..` (spec/http-api.md §1.9, Choice C7).
import { decodePercent } from '../grammar/percent.ts';
import { PARENT_SEGMENT } from './mapping/path-pieces.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;

/** The decoded, normalised form of a raw request path, always beginning with `/`; undefined when it must be answered
 *  with 400. A path with nothing to decode or collapse is returned as it is. Source: spec/http-api.md §1.9. */
export function normalisePath(raw: string): string | undefined {
  if (isNormal(raw)) return raw;
  if (raw.charCodeAt(0) !== SLASH) return undefined;
  const decoded = raw.includes('%') ? decodePercent(raw) : raw;
  if (decoded === undefined || PARENT_SEGMENT.test(decoded)) return undefined;
  let path = '';
  let endsInSlash = true;
  let from = 0;
  while (from < decoded.length) {
    if (decoded.charCodeAt(from) === SLASH) {
      endsInSlash = true;
      from++;
      continue;
    }
    let to = decoded.indexOf('/', from);
    if (to < 0) to = decoded.length;
    const segment = decoded.substring(from, to);
    from = to;
    endsInSlash = false;
    if (segment === '.') endsInSlash = true;
    else path += `/${segment}`;
  }
  return endsInSlash || path === '' ? `${path}/` : path;
}

/** One scan for everything normalisation could change or refuse: `%`, `\`, `//`, and a segment that begins with a dot. */
function isNormal(raw: string): boolean {
  let previous = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === PERCENT || code === BACKSLASH) return false;
    if (previous === SLASH && (code === SLASH || code === DOT)) return false;
    previous = code;
  }
  return raw.charCodeAt(0) === SLASH;
}
