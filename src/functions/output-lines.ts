// Cuts what a function writes into lines for the log.

/** Longer lines are cut into several, whether their end has come or not. */
export const MAX_LINE_LENGTH = 65_536;

/** Takes text as it comes and gives its lines that are not empty; `flush` gives the rest. */
export class OutputLines {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    let at = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      const line = this.#rest + text.slice(at, end);
      this.#rest = '';
      at = end + 1;
      this.#give(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#rest += at === 0 ? text : text.slice(at);
    if (this.#rest.length >= MAX_LINE_LENGTH) this.flush();
  }

  flush(): void {
    const line = this.#rest;
    this.#rest = '';
    this.#give(line);
  }

  #give(line: string): void {
    for (let at = 0; at < line.length; ) {
      const end = cutOf(line, at, MAX_LINE_LENGTH);
      this.#onLine(at === 0 && end === line.length ? line : line.slice(at, end));
      at = end;
    }
  }
}

/** Where the piece of a text that begins at `at` and has at most `length` characters ends: not inside a surrogate pair. */
export function cutOf(text: string, at: number, length: number): number {
  const end = at + length;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
