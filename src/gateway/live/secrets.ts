// The secrets of one request: wherever they turn up in what is told of it, in whatever form, they are hidden.
import { decodePercent } from '../../grammar/percent.ts';
import { MASK } from '../../stage/request-summary.ts';

/** Shorter ones are hidden where their name says what they are, and nowhere else: they would be found in any text. */
const SHORTEST = 6;

const SCHEME =
  /^(?:AWS4-[A-Z0-9-]+|ApiKey|Basic|Bearer|DPoP|Digest|GNAP|HOBA|Mutual|Negotiate|SCRAM-[A-Z0-9-]+|Token|vapid)(?= )/i;
const AUTHORIZATIONS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization']);

/** The value of a header with a secret as it is told: of an authorization the scheme stays. `lowerName` is its name. */
export function maskedValue(lowerName: string, value: string): string {
  const scheme = AUTHORIZATIONS.has(lowerName) ? SCHEME.exec(value)?.[0] : undefined;
  return scheme === undefined ? MASK : `${scheme} ${MASK}`;
}

/** What finding the forms of a secret costs, in characters that are looked at. */
const FORMS_COST = 4_000;
/** What it costs to look for one form in no text at all. */
const SEARCH_COST = 32;

export class Secrets {
  readonly #forms = new Set<string>();
  #sorted: readonly string[] | undefined;
  #budget: number;

  /** `budget` is how many characters are looked at: what is told when they are used up is hidden whole, for clients send as many secrets
   *  as they like. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** All of a value that is secret. */
  add(value: string): void {
    const secret = value.trim();
    if (secret.length < SHORTEST || secret === MASK || this.#budget < 0) return;
    this.#budget -= FORMS_COST;
    for (const form of formsOf(secret)) this.#forms.add(form);
    this.#sorted = undefined;
  }

  /** What is secret in the value of a header. */
  addHeader(lowerName: string, value: string): void {
    this.add(value);
    if (lowerName === 'cookie') {
      for (const pair of value.split(';')) this.add(pair.slice(pair.indexOf('=') + 1));
    } else if (lowerName === 'set-cookie') {
      this.add(value.slice(value.indexOf('=') + 1).split(';', 1)[0]!);
    } else if (AUTHORIZATIONS.has(lowerName)) {
      const scheme = SCHEME.exec(value)?.[0];
      if (scheme !== undefined) this.add(value.slice(scheme.length));
      if (scheme?.toLowerCase() === 'basic') {
        const pair = Buffer.from(value.slice(scheme.length), 'base64').toString('utf8');
        this.add(pair);
        this.add(pair.slice(pair.indexOf(':') + 1));
      }
      const signature = /\bSignature=([0-9a-f]{6,})/.exec(value)?.[1];
      if (signature !== undefined) this.add(signature);
    }
  }

  /** The text without them. */
  hide(text: string): string {
    if (text.length < SHORTEST) return text;
    this.#budget -= this.#forms.size * (text.length + SEARCH_COST);
    if (this.#budget < 0) return MASK;
    // A secret that is a part of another would spoil its form.
    this.#sorted ??= [...this.#forms].sort((a, b) => b.length - a.length);
    let hidden = text;
    for (const form of this.#sorted) if (hidden.includes(form)) hidden = hidden.replaceAll(form, MASK);
    return hidden;
  }
}

/** Only of these characters it is the same wherever it is written. */
const PLAIN = /^[\w.-]*$/;

/** As it is in a header, a URL, a form, JSON, JSON within JSON, JavaScript, bytes in base64. */
function formsOf(secret: string): readonly string[] {
  const utf8 = Buffer.from(secret, 'utf8');
  const base64 = utf8.toString('base64').replace(/=+$/, '');
  if (PLAIN.test(secret)) return [secret, base64];
  const json = inJson(secret);
  // Lone surrogates, which encodeURIComponent does not take, become what they are in UTF-8.
  const encoded = encodeURIComponent(utf8.toString('utf8'));
  const strict = encoded.replace(/[!'()*]/g, inPercent);
  // As $util.urlEncode has it.
  const form = encoded.replace(/[!'()~]/g, inPercent).replaceAll('%20', '+');
  return [
    secret,
    decodePercent(secret) ?? secret,
    ...[encoded, strict, form].flatMap((each) => [each, inLowerCase(each)]),
    json,
    inJson(json),
    secret.replace(/["'/\\]/g, '\\$&'),
    base64,
  ].filter((form) => form.length >= SHORTEST);
}

function inPercent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

function inLowerCase(encoded: string): string {
  return encoded.replace(/%../g, (each) => each.toLowerCase());
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
