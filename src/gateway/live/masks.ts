// What is told of requests, without secrets: headers, parameters and members of JSON by their names, and what stood there wherever
// else it turns up: in mapped headers, events of functions, contexts of authorizers, entries of access logs, bodies.
import { MASK, type RequestSummary } from '../../stage/request-summary.ts';
import type { Kept } from './kept.ts';
import { maskText, type SecretNames } from './mask-text.ts';
import type { RecordedBody, RecordedRequest } from './recorded-request.ts';
import { maskedValue, Secrets } from './secrets.ts';

/** Headers, parameters and members that are masked everywhere, whatever else is configured. */
const ALWAYS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'cookies',
  'set-cookie',
  'x-api-key',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-credential',
  'access_token',
  'token',
  'api_key',
];

/** Members of a summary in which a secret may be. */
const SAID = ['method', 'host', 'path', 'failure', 'integration'] as const;
/** Members of traces that are lists of mappings. */
const MAPPINGS: ReadonlySet<string> = new Set(['requestMappings', 'responseMappings', 'parameters']);
/** `header.Authorization` of a mapping's key: `overwrite:header.Authorization`. */
const MAPPED_NAME = /(?:header|querystring)\.(.+)$/i;
/** A text that may be something in base64. */
const BASE64 = /[\w+/-]{16,}/g;
/** A value that is looked up, and not the secret itself. */
const LOOKED_UP = /^\$\{?[\w.[\]'"-]+\}?$/;

/** How many characters are looked at to find secrets: some tenths of a millisecond for a line of a list, of which many are made at a time, and less
 *  than a tenth of a second for all of one request. */
const SUMMARY_BUDGET = 250_000;
const BUDGET = 64_000_000;

export class Masks {
  readonly #names: SecretNames;
  readonly #summaries = new WeakMap<Kept, RequestSummary>();

  /** `further` are names that the operator adds. */
  constructor(further: readonly string[]) {
    this.#names = new Set([...ALWAYS, ...further.map((name) => name.toLowerCase())]);
  }

  /** Made once, for all who look. */
  summary(kept: Kept): RequestSummary {
    let summary = this.#summaries.get(kept);
    if (summary === undefined) {
      summary = new Masking(this.#namesOf(kept), kept.headers, SUMMARY_BUDGET).whole(kept.summary());
      this.#summaries.set(kept, summary);
    }
    return summary;
  }

  recorded(kept: Kept): RecordedRequest {
    return new Masking(this.#namesOf(kept), kept.headers, BUDGET).recorded(kept.recorded());
  }

  /** What an authorizer goes by is a secret too. */
  #namesOf({ identityNames }: Kept): SecretNames {
    return identityNames.length === 0 ? this.#names : new Set([...this.#names, ...identityNames]);
  }
}

/** Of one request. */
class Masking {
  readonly #names: SecretNames;
  readonly #secrets: Secrets;

  constructor(names: SecretNames, headers: Kept['headers'], budget: number) {
    this.#names = names;
    this.#secrets = new Secrets(budget);
    this.#learnHeaders(headers);
  }

  whole(summary: RequestSummary): RequestSummary {
    if (summary.path !== undefined) this.#learnText(summary.path);
    return this.#summary(summary);
  }

  recorded(recorded: RecordedRequest): RecordedRequest {
    const { trace, requestBody, backendRequestBody, backendReplyBody, replyBody, ...summary } = recorded;
    this.#learn(recorded);
    const bodies = Object.entries({ requestBody, backendRequestBody, backendReplyBody, replyBody });
    const masked = bodies.flatMap(([name, body]) => (body === undefined ? [] : [[name, this.#body(body)]]));
    return {
      ...this.#summary(summary),
      ...Object.fromEntries(masked),
      trace: this.#plain(trace) as typeof trace,
    };
  }

  /** What others have said, and what is ours: ids are the same for who asks again by them. */
  #summary(summary: RequestSummary): RequestSummary {
    const masked = SAID.map((name) => [name, summary[name]]).filter(([, said]) => said !== undefined);
    return {
      ...summary,
      ...Object.fromEntries(masked.map(([name, said]) => [name, this.#text(String(said))])),
    };
  }

  /** Plain data, whatever they are: what has no name of a secret is text in which one may be. */
  #plain(value: unknown, key = ''): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) {
      if (key === 'headers') return value.map((pair) => this.#header(pair));
      return value.map((each) => (MAPPINGS.has(key) ? this.#mapping(each) : this.#plain(each)));
    }
    if (typeof value !== 'object' || value === null) return value;
    const isOthers = key === 'variables' || key === 'input' || key === 'authorizer';
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        isOthers && this.#isSecret(name) ? MASK : this.#plain(member, isOthers ? key : name),
      ]),
    );
  }

  #header([name, value]: [string, string]): [string, string] {
    const lower = name.toLowerCase();
    return [name, this.#names.has(lower) ? maskedValue(lower, value) : this.#text(value)];
  }

  /** A step of a mapping. Of a secret there is what the value was looked up from. */
  #mapping(step: { readonly key: string; readonly value?: string }): object {
    const isSecret = this.#isSecretKey(step.key);
    return Object.fromEntries(
      Object.entries(step).map(([name, text]) => {
        if (typeof text !== 'string' || name === 'key') return [name, text];
        if (!isSecret || (name === 'value' && LOOKED_UP.test(text))) return [name, this.#text(text)];
        return [name, MASK];
      }),
    );
  }

  #body(body: RecordedBody): RecordedBody {
    if (body.text !== undefined) {
      return { ...body, text: this.#text(body.text) };
    }
    const bytes = Buffer.from(body.base64 ?? '', 'base64');
    const masked = this.#text(bytes.toString('latin1'));
    if (masked === bytes.toString('latin1')) return body;
    return { ...body, base64: Buffer.from(masked.replaceAll(MASK, '****'), 'latin1').toString('base64') };
  }

  /** Bodies are base64 in events of functions and parameters of services, and templates encode what they like. */
  #text(text: string): string {
    return this.#hidden(text).replace(BASE64, (run) => {
      const decoded = Buffer.from(run, 'base64').toString('latin1');
      return this.#hidden(decoded) === decoded ? run : MASK;
    });
  }

  #hidden(text: string): string {
    return this.#secrets.hide(maskText(text, this.#names));
  }

  #learnHeaders(headers: Kept['headers']): void {
    for (const [name, value] of headers) {
      const lower = name.toLowerCase();
      if (this.#names.has(lower)) this.#secrets.addHeader(lower, value);
    }
  }

  /** What is secret in what is told, wherever its name stands beside it. */
  #learn(value: unknown, key = ''): void {
    if (typeof value === 'string') this.#learnText(value);
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) {
      for (const [name, member] of Object.entries(value)) this.#learn(member, name);
    } else if (key === 'headers') this.#learnHeaders(value);
    else if (MAPPINGS.has(key)) this.#learnMappings(value);
    else for (const each of value) this.#learn(each);
  }

  #learnMappings(steps: readonly { readonly key: string; readonly result?: string }[]): void {
    for (const { key, result } of steps) {
      if (result !== undefined && this.#isSecretKey(key)) this.#secrets.add(result);
    }
  }

  #learnText(text: string): void {
    maskText(text, this.#names, (secret) => {
      this.#secrets.add(secret);
      if (!secret.includes('\\')) return;
      try {
        this.#secrets.add(String(JSON.parse(`"${secret}"`)));
      } catch {
        // Cut off, or no string.
      }
    });
  }

  #isSecret(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  #isSecretKey(key: string): boolean {
    const name = MAPPED_NAME.exec(key)?.[1];
    return this.#isSecret(name ?? key);
  }
}
