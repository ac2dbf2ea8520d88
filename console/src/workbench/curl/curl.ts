// A curl command as a request: what people have in their notes, and what browsers copy. What curl would add by itself, but for
// what an option asks for, is left out (`User-Agent: curl/8`, `Accept: */*`).
import { CURL_OPTIONS, type CurlEffect } from './curl-options.ts';
import { CurlError, readCommandLine } from './shell-words.ts';

export interface RequestText {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface CurlRequest {
  readonly request: RequestText;
  /** Sentences on what of the command has no effect here. */
  readonly notes: readonly string[];
}

/** Longer than any request may be. */
const MAX_COMMAND_CHARACTERS = 12_000_000;
const FORM = 'application/x-www-form-urlencoded';

/** Whether a text looks like a command, for fields in which a URL is wanted. */
export function isCurl(text: string): boolean {
  return /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);
}

/** Throws CurlError. */
export function parseCurl(text: string): CurlRequest {
  if (text.length > MAX_COMMAND_CHARACTERS)
    throw new CurlError('The command is longer than 12 million characters.');
  const { words, rest } = readCommandLine(text.trim().replace(/^\$\s+/, ''));
  if (!/(?:^|[\\/])curl(?:\.exe)?$/.test(words[0] ?? '')) {
    throw new CurlError(
      `This begins with ${JSON.stringify(words[0] ?? '')}: paste a command that begins with curl.`,
    );
  }
  const reading = new Reading();
  for (let at = 1; at < words.length; ) at += reading.take(words, at);
  if (rest !== '') reading.notes.push(`What stands behind the command was left out: ${rest.slice(0, 60)}`);
  return reading.finish();
}

/** What the options said up to a word. */
class Reading {
  readonly notes: string[] = [];
  readonly #headers: [string, string][] = [];
  readonly #query: string[] = [];
  #method: string | undefined;
  #url: string | undefined;
  #body: string | undefined;
  #isJson = false;
  #isGet = false;
  #isHead = false;

  /** Takes the word at a place with its argument. Returns how many words that were. */
  take(words: readonly string[], at: number): number {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-') {
      this.#setUrl(word);
      return 1;
    }
    if (word.startsWith('--')) return this.#takeLong(words, at);
    return this.#takeShort(words, at);
  }

  #takeLong(words: readonly string[], at: number): number {
    const word = words[at]!;
    const known = CURL_OPTIONS.get(word);
    if (known === undefined) {
      if (word.startsWith('--no-')) return 1;
      throw new CurlError(`${word} is no option of curl that is known here: leave it out.`);
    }
    if (known.argument) this.#apply(known.does, word, this.#argument(words, at, word));
    else this.#apply(known.does, word, '');
    return known.argument ? 2 : 1;
  }

  /** Letters behind one dash; what follows one that wants an argument is it. */
  #takeShort(words: readonly string[], at: number): number {
    const word = words[at]!;
    for (let letter = 1; letter < word.length; letter++) {
      const name = `-${word[letter]}`;
      const known = CURL_OPTIONS.get(name);
      if (known === undefined)
        throw new CurlError(`${name} is no option of curl that is known here: leave it out.`);
      if (!known.argument) {
        this.#apply(known.does, name, '');
        continue;
      }
      const own = word.slice(letter + 1);
      this.#apply(known.does, name, own === '' ? this.#argument(words, at, name) : own);
      return own === '' ? 2 : 1;
    }
    return 1;
  }

  #argument(words: readonly string[], at: number, name: string): string {
    const argument = words[at + 1];
    if (argument === undefined) throw new CurlError(`${name} wants a value behind it.`);
    return argument;
  }

  #apply(does: CurlEffect, name: string, value: string): void {
    switch (does) {
      case 'method':
        this.#method = value;
        break;
      case 'header':
        this.#addHeader(value);
        break;
      case 'data':
        this.#addData(noFile(value, name), '&');
        break;
      case 'data-raw':
        this.#addData(value, '&');
        break;
      case 'data-urlencode':
        this.#addData(urlEncoded(value, name), '&');
        break;
      case 'json':
        this.#isJson = true;
        this.#addData(noFile(value, name), '');
        break;
      case 'url-query':
        this.#query.push(value.startsWith('+') ? value.slice(1) : urlEncoded(value, name));
        break;
      case 'user':
        this.#headers.push(['Authorization', `Basic ${base64(value.includes(':') ? value : `${value}:`)}`]);
        break;
      case 'bearer':
        this.#headers.push(['Authorization', `Bearer ${value}`]);
        break;
      case 'get':
        this.#isGet = true;
        break;
      case 'head':
        this.#isHead = true;
        break;
      case 'url':
        this.#setUrl(value);
        break;
      case 'user-agent':
        this.#headers.push(['User-Agent', value]);
        break;
      case 'referer':
        this.#headers.push(['Referer', value]);
        break;
      case 'cookie':
        if (!value.includes('='))
          throw new CurlError(`${name} ${value} reads a file: write the cookies as name=value.`);
        this.#headers.push(['Cookie', value]);
        break;
      case 'range':
        this.#headers.push(['Range', `bytes=${value}`]);
        break;
      case 'compressed':
        this.#headers.push(['Accept-Encoding', 'deflate, gzip, br, zstd']);
        break;
      case 'nothing':
        break;
      case 'elsewhere':
        this.notes.push(`${name} has no effect here: the request goes to this server as it is.`);
        break;
      case 'form':
        throw new CurlError(
          `${name} makes a multipart body, which is not made here: put in the body that is sent, with its Content-Type.`,
        );
      case 'upload':
        throw new CurlError(
          `${name} ${value} reads a file, which a page cannot: write its content with --data-binary.`,
        );
      case 'config':
        throw new CurlError(
          `${name} ${value} reads options from a file, which a page cannot: write them into the command.`,
        );
      default:
        does satisfies never;
    }
  }

  #setUrl(url: string): void {
    if (this.#url !== undefined) {
      throw new CurlError(
        `There are two URLs, ${this.#url} and ${url}: a request has one. Quotes may be missing around one.`,
      );
    }
    this.#url = url;
  }

  #addHeader(text: string): void {
    if (text.startsWith('@'))
      throw new CurlError(`-H ${text} reads a file, which a page cannot: write the headers.`);
    const [, name, sign, value] = /^([^:;\r\n]+)([:;])([^\r\n]*)$/.exec(text) ?? [];
    if (name === undefined) throw new CurlError(`-H ${JSON.stringify(text)}: a header is 'Name: value'.`);
    const trimmed = value!.trim();
    if (sign === ';' && trimmed !== '')
      throw new CurlError(`-H ${JSON.stringify(text)}: a header is 'Name: value'.`);
    // `Name:` keeps curl from sending one of its own.
    if (sign === ':' && trimmed === '') return;
    this.#headers.push([name.trim(), trimmed]);
  }

  #addData(data: string, between: string): void {
    this.#body = this.#body === undefined ? data : `${this.#body}${between}${data}`;
  }

  finish(): CurlRequest {
    if (this.#url === undefined) throw new CurlError('There is no URL in the command.');
    const body = this.#isGet || this.#isHead ? undefined : this.#body;
    if (this.#isGet && this.#body !== undefined) this.#query.push(this.#body);
    if (body !== undefined) {
      if (this.#isJson) this.#addIfMissing('Accept', 'application/json');
      this.#addIfMissing('Content-Type', this.#isJson ? 'application/json' : FORM);
    }
    const implied = this.#isHead ? 'HEAD' : body === undefined ? 'GET' : 'POST';
    return {
      request: {
        method: this.#method ?? implied,
        url: withQuery(withScheme(this.#url), this.#query.join('&')),
        headers: this.#headers,
        body: body ?? '',
      },
      notes: this.notes,
    };
  }

  #addIfMissing(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (!this.#headers.some(([each]) => each.toLowerCase() === lower)) this.#headers.push([name, value]);
  }
}

function noFile(value: string, name: string): string {
  if (value.startsWith('@')) {
    throw new CurlError(
      `${name} ${value} reads a file, which a page cannot: put in its content, or use --data-raw.`,
    );
  }
  return value;
}

/** `content`, `=content` or `name=content`; the content becomes percent-encoded. */
function urlEncoded(value: string, name: string): string {
  const equals = value.indexOf('=');
  if (equals < 0) {
    const at = value.indexOf('@');
    if (at >= 0)
      throw new CurlError(`${name} ${value} reads a file, which a page cannot: put in its content.`);
    return encodeURIComponent(value);
  }
  const content = encodeURIComponent(value.slice(equals + 1));
  return equals === 0 ? content : `${value.slice(0, equals)}=${content}`;
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

const withScheme = (url: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`);

function withQuery(url: string, query: string): string {
  if (query === '') return url;
  const hash = url.indexOf('#');
  const bare = hash < 0 ? url : url.slice(0, hash);
  return `${bare}${bare.includes('?') ? '&' : '?'}${query}`;
}
