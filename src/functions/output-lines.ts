// Cuts what a function writes into lines for the log.

/** A line without an end is not kept longer than this. */
const MAX_LINE_LENGTH = 65_536;

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
    if (line !== '') this.#onLine(line);
  }
}
