// Inputs of the AWS Query protocol: a form whose names are paths, `Parameters.member.1.ParameterKey`
// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
import { validationError } from '../../resources/stacks/stack-errors.ts';

/** More than a template's 200 parameters and 50 tags need. */
const MAX_FIELDS = 4_000;

export class Form {
  readonly #fields: ReadonlyMap<string, string>;
  readonly #prefix: string;

  private constructor(fields: ReadonlyMap<string, string>, prefix: string) {
    this.#fields = fields;
    this.#prefix = prefix;
  }

  /** Throws ValidationError. */
  static of(text: string): Form {
    if (hasMoreFields(text)) throw validationError(`The request has more than ${MAX_FIELDS} members`);
    return new Form(new Map(new URLSearchParams(text)), '');
  }

  text(name: string): string | undefined {
    return this.#fields.get(this.#prefix + name);
  }

  /** Throws ValidationError where there is no text, or an empty one. */
  required(name: string): string {
    const text = this.text(name);
    if (text !== undefined && text !== '') return text;
    throw validationError(
      `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
    );
  }

  isTrue(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }

  /** The texts of a list. */
  texts(name: string): readonly string[] {
    return this.#items(name).map((item) => this.#fields.get(item) ?? '');
  }

  /** The structures of a list. */
  list(name: string): readonly Form[] {
    return this.#items(name).map((item) => new Form(this.#fields, `${item}.`));
  }

  /** Names of the items of a list, in its order. */
  #items(name: string): readonly string[] {
    const before = `${this.#prefix}${name}.member.`;
    const numbers = new Set<number>();
    for (const field of this.#fields.keys()) {
      if (!field.startsWith(before)) continue;
      const number = Number.parseInt(field.slice(before.length), 10);
      if (number > 0) numbers.add(number);
    }
    return [...numbers].sort((a, b) => a - b).map((number) => before + number);
  }
}

/** Counted before they are read: a million of them would take a second. */
function hasMoreFields(text: string): boolean {
  let fields = 0;
  for (let at = 0; at >= 0; at = text.indexOf('&', at + 1)) if (++fields > MAX_FIELDS) return true;
  return false;
}
