// Heads and bodies of HTTP/1.1 messages as text, for the raw client and the recording backend. Meant for what Postern
// sends, so anything irregular in it throws and fails the test.

export type HeaderLine = readonly [name: string, value: string];

/** The head at `at`: its text without the blank line, and the position behind that. */
export function findHead(text: string, at: number): { text: string; end: number } | undefined {
  const end = text.indexOf('\r\n\r\n', at);
  return end < 0 ? undefined : { text: text.slice(at, end), end: end + 4 };
}

/** Start line and header lines. Throws on a line that is not `name: value`. */
export function splitHead(head: string): { startLine: string; headers: HeaderLine[] } {
  const [startLine, ...lines] = head.split('\r\n');
  const headers = lines.map((line): HeaderLine => {
    const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/s.exec(line);
    if (match === null || /[\r\n\0]/.test(line))
      throw new Error(`not a header line: ${JSON.stringify(line)}`);
    return [match[1]!, match[2]!];
  });
  return { startLine: startLine!, headers };
}

/** All values of a name, in order. */
export function valuesOf(headers: readonly HeaderLine[], name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** The body at `at` by its framing; undefined while it is incomplete. Without framing: empty, or with `rest` all that
 *  follows, or with `incomplete` not known yet. */
export function readBody(
  text: string,
  at: number,
  headers: readonly HeaderLine[],
  unframed: 'empty' | 'rest' | 'incomplete',
): string | undefined {
  return readBodyWithEnd(text, at, headers, unframed)?.body;
}

/** The same, with the position behind the body. */
export function readBodyWithEnd(
  text: string,
  at: number,
  headers: readonly HeaderLine[],
  unframed: 'empty' | 'rest' | 'incomplete',
): { body: string; end: number } | undefined {
  const lengths = valuesOf(headers, 'content-length');
  const codings = valuesOf(headers, 'transfer-encoding');
  if (lengths.length + codings.length > 1)
    throw new Error(`framed more than once: ${lengths.length} lengths, ${codings.length} codings`);
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') throw new Error(`unknown coding ${codings[0]}`);
    return readChunks(text, at);
  }
  if (lengths.length === 1) {
    if (!/^\d+$/.test(lengths[0]!)) throw new Error(`not a length: ${lengths[0]}`);
    const end = at + Number(lengths[0]);
    return text.length < end ? undefined : { body: text.slice(at, end), end };
  }
  if (unframed === 'empty') return { body: '', end: at };
  return unframed === 'rest' ? { body: text.slice(at), end: text.length } : undefined;
}

function readChunks(text: string, from: number): { body: string; end: number } | undefined {
  let body = '';
  for (let at = from; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const sizeText = text.slice(at, lineEnd);
    if (!/^[0-9A-Fa-f]+$/.test(sizeText)) throw new Error(`not a chunk size: ${JSON.stringify(sizeText)}`);
    const size = Number.parseInt(sizeText, 16);
    at = lineEnd + 2 + size;
    if (text.length < at + 2) return undefined;
    if (text.slice(at, at + 2) !== '\r\n') throw new Error('a chunk or trailer section of the wrong size');
    if (size === 0) return { body, end: at + 2 };
    body += text.slice(lineEnd + 2, at);
    at += 2;
  }
}
