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
