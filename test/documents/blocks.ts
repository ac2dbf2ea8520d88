// The fenced blocks of a document.
export interface Block {
  /** First word behind the fence; what follows it. */
  readonly language: string;
  readonly info: string;
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

export function blocksOf(document: string): readonly Block[] {
  return [...document.matchAll(/^```(\w*) *([^\n]*)\n(.*?)^```$/gms)].map((found) => ({
    language: found[1]!,
    info: found[2]!.trim(),
    text: found[3]!,
    line: document.slice(0, found.index).split('\n').length + 1,
  }));
}
