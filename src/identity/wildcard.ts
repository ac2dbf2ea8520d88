// Texts with wildcards as policies have them: `*` stands for any characters, `?` for one (spec/http-api.md §6.3.4). Every
// piece between stars is looked for once, from left to right, so no pattern makes a text be read over and over.

export type TextTest = (text: string) => boolean;

/** Compiles a pattern. It is for the whole text; case counts. */
export function compileWildcard(pattern: string): TextTest {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const pieces = pattern.split('*');
  const first = pieces[0]!;
  if (pieces.length === 1) return (text) => text.length === first.length && standsAt(text, first, 0);
  const last = pieces.at(-1)!;
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '');
  const leastLength = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return (text) => {
    if (text.length < leastLength || !standsAt(text, first, 0)) return false;
    const end = text.length - last.length;
    if (!standsAt(text, last, end)) return false;
    let at = first.length;
    for (const piece of middle) {
      at = indexOfPiece(text, piece, at, end);
      if (at < 0) return false;
      at += piece.length;
    }
    return at <= end;
  };
}

function indexOfPiece(text: string, piece: string, from: number, end: number): number {
  const isPlain = !piece.includes('?');
  for (let at = from; at + piece.length <= end; at++) {
    if (isPlain) {
      const found = text.indexOf(piece, at);
      return found >= 0 && found + piece.length <= end ? found : -1;
    }
    if (standsAt(text, piece, at)) return at;
  }
  return -1;
}

function standsAt(text: string, piece: string, at: number): boolean {
  for (let i = 0; i < piece.length; i++) {
    const code = piece.charCodeAt(i);
    if (code !== 0x3f && code !== text.charCodeAt(at + i)) return false;
  }
  return true;
}

/** One test for many patterns. Most have one star; these are looked up by what stands on both sides of it, and not tried in turn. */
export function compileWildcards(patterns: Iterable<string>): TextTest {
  const ends = new Map<string, Map<number, Set<string>>>();
  const others: TextTest[] = [];
  for (const pattern of new Set(patterns)) {
    const [first, last, ...more] = pattern.split('*');
    if (last === undefined || more.length > 0 || pattern.includes('?')) {
      others.push(compileWildcard(pattern));
      continue;
    }
    const byLength = ends.get(first!) ?? new Map<number, Set<string>>();
    ends.set(first!, byLength.set(last.length, (byLength.get(last.length) ?? new Set<string>()).add(last)));
  }
  return (text) => {
    for (const [first, byLength] of ends) {
      if (!text.startsWith(first)) continue;
      for (const [length, lasts] of byLength) {
        const end = text.length - length;
        if (end >= first.length && lasts.has(text.slice(end))) return true;
      }
    }
    return others.some((matches) => matches(text));
  };
}
