// A message as JSON, parsed once each way: strictly (spec/websocket-api.md §2.3.6, Choice U10), and as templates read it (§5.9).
import { parseLenientJson } from '../template/lenient-json.ts';
import { parseStrictJson } from '../template/strict-json.ts';
import { Budget, MAX_STEPS, type Value, VMap } from '../template/values.ts';
import { parseJson } from '../wire/json.ts';

export class MessageJson {
  readonly #text: string;
  #value: Value | undefined = undefined;
  #isParsed = false;
  #lenient: Value | undefined = undefined;
  /** As JavaScript has it, which is quicker and confuses integers and decimals. */
  #quick: unknown = undefined;
  #isQuick = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** undefined for a message that is no JSON. */
  get value(): Value | undefined {
    if (!this.#isParsed) {
      this.#isParsed = true;
      this.#value = parseStrictJson(this.#text);
    }
    return this.#value;
  }

  /** Throws TemplateError for a text that is no JSON even so. */
  get lenient(): Value {
    this.#lenient ??= parseLenientJson(this.#text, new Budget(MAX_STEPS));
    return this.#lenient;
  }

  /** A member of the message, when that is an object. */
  member(name: string): Value | undefined {
    const found = this.#quickMember(name);
    if (typeof found === 'string' || found === undefined) return found;
    const { value } = this;
    return value instanceof VMap ? value.entries.get(name) : undefined;
  }

  #quickMember(name: string): unknown {
    if (!this.#isQuick) {
      this.#isQuick = true;
      this.#quick = parsed(this.#text);
    }
    const root = this.#quick;
    return typeof root === 'object' && root !== null && !Array.isArray(root) && Object.hasOwn(root, name)
      ? (root as { readonly [name: string]: unknown })[name]
      : undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
