// The words of a command line as a POSIX shell reads it, for what is pasted (curl.ts). What only a shell knows, variables and
// commands inside commands, is refused with a sentence; so are the quotes of Windows.

/** What was pasted is no curl command that can be understood; the message says what and what would be right. */
export class CurlError extends Error {}

export interface CommandLine {
  readonly words: readonly string[];
  /** What stands behind the command, from `|`, `;`, `&`, `<` or `>` on; empty when nothing does. */
  readonly rest: string;
}

const WINDOWS_CMD =
  'This has the quotes of Windows\' cmd (^"), which are not understood here: in the browser choose "Copy as cURL (bash)".';
const POWERSHELL =
  'This has the line ends of PowerShell (`), which are not understood here: in the browser choose "Copy as cURL (bash)".';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Throws CurlError. */
export function readCommandLine(text: string): CommandLine {
  refuseWindows(text);
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  const add = (piece: string): void => {
    word = (word ?? '') + piece;
  };
  const finish = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  while (at < text.length) {
    const sign = text[at]!;
    if (sign === '\\') {
      const length = lineEndAt(text, at + 1);
      if (length === 0) add(text[at + 1] ?? '');
      at += 1 + Math.max(1, length);
    } else if (sign === "'") {
      const end = closing(text, at + 1, "'");
      add(text.slice(at + 1, end));
      at = end + 1;
    } else if (sign === '"') {
      const [piece, end] = doubleQuoted(text, at + 1);
      add(piece);
      at = end;
    } else if (text.startsWith("$'", at)) {
      const [piece, end] = ansiQuoted(text, at + 2);
      add(piece);
      at = end;
    } else if (isBlank(sign)) {
      // A line that ends without a backslash ends the command.
      if (sign === '\n' && words.length > 0 && text.slice(at).trim() !== '') {
        finish();
        return { words, rest: text.slice(at).trim() };
      }
      finish();
      at++;
    } else if (sign === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if ('|;&<>'.includes(sign)) {
      finish();
      return { words, rest: text.slice(at).trim() };
    } else {
      refuseExpansion(text, at);
      add(sign);
      at++;
    }
  }
  finish();
  return { words, rest: '' };
}

function refuseWindows(text: string): void {
  if (/\^["\r\n]|\^$/.test(text)) throw new CurlError(WINDOWS_CMD);
  if (/[ \t]`[ \t]*\r?\n/.test(text)) throw new CurlError(POWERSHELL);
}

const isBlank = (sign: string): boolean => sign === ' ' || sign === '\t' || sign === '\n' || sign === '\r';

/** How many characters the line end at a place has; 0 when there is none. */
function lineEndAt(text: string, at: number): number {
  if (text[at] === '\n') return 1;
  return text.startsWith('\r\n', at) ? 2 : 0;
}

function closing(text: string, from: number, quote: string): number {
  const end = text.indexOf(quote, from);
  if (end < 0) throw unclosed(text, from - 1, quote);
  return end;
}

function unclosed(text: string, at: number, quote: string): CurlError {
  return new CurlError(`A quote is not closed: ${quote} before ${excerpt(text, at + 1)}.`);
}

function excerpt(text: string, at: number): string {
  const piece = text.slice(at, at + 20).split('\n')[0]!;
  return piece === '' ? 'the end' : JSON.stringify(piece);
}

/** The text up to the closing quote, and the place behind it. */
function doubleQuoted(text: string, from: number): [piece: string, end: number] {
  let piece = '';
  let at = from;
  for (;;) {
    const sign = text[at];
    if (sign === undefined) throw unclosed(text, from - 1, '"');
    if (sign === '"') return [piece, at + 1];
    if (sign !== '\\') {
      refuseExpansion(text, at);
      piece += sign;
      at++;
      continue;
    }
    const next = text[at + 1] ?? '';
    const lineEnd = lineEndAt(text, at + 1);
    if (lineEnd > 0) at += 1 + lineEnd;
    else {
      // Before others the backslash is one.
      piece += '"\\$`'.includes(next) ? next : `\\${next}`;
      at += 2;
    }
  }
}

/** `$'…'` of bash, in which browsers write what has quotes and line ends. */
function ansiQuoted(text: string, from: number): [piece: string, end: number] {
  let piece = '';
  let at = from;
  for (;;) {
    const sign = text[at];
    if (sign === undefined) throw unclosed(text, from - 1, "'");
    if (sign === "'") return [piece, at + 1];
    if (sign !== '\\') {
      piece += sign;
      at++;
      continue;
    }
    const coded = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3}))/.exec(
      text.slice(at + 1, at + 10),
    );
    if (coded === null) {
      const next = text[at + 1] ?? '';
      piece += ESCAPES[next] ?? next;
      at += 2;
    } else {
      const [all, hex, short, long, octal] = coded;
      const code =
        octal === undefined ? Number.parseInt((hex ?? short ?? long)!, 16) : Number.parseInt(octal, 8);
      piece += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
      at += 1 + all.length;
    }
  }
}

/** A dollar before what would be a variable or a command, and a back quote. */
function refuseExpansion(text: string, at: number): void {
  if (text[at] === '`') throw new CurlError(commandInside('`…`'));
  if (text[at] !== '$') return;
  if (text[at + 1] === '(') throw new CurlError(commandInside('$(…)'));
  const variable = /^\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[^}\n]{0,100}\}|[0-9?!@*#$-])/.exec(
    text.slice(at, at + 120),
  )?.[0];
  if (variable !== undefined) {
    throw new CurlError(
      `${variable} is a variable of your shell, which is not known here: put in its value.`,
    );
  }
}

const commandInside = (form: string): string =>
  `${form} is a command of your shell, which is not run here: put in what it prints.`;
