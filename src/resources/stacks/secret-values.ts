// Values that a report never shows (spec/definitions.md §3.1.6, §4.3.3): of parameters with NoEcho, and of secrets.
const HIDDEN = '****';
/** Hiding every place of a shorter text would garble a sentence, and tell what it is. */
const LEAST_LENGTH = 4;

export class SecretValues {
  readonly #values = new Set<string>();

  /** Of texts too short to be secrets nothing is hidden. */
  add(value: string): void {
    if (value.length >= LEAST_LENGTH) this.#values.add(value);
  }

  /** Whether data has a secret in one of its texts. */
  areIn(value: unknown): boolean {
    return Array.from(this.#values).some((secret) => isIn(secret, value));
  }

  /** The secrets that are in the texts of data. */
  within(value: unknown): readonly string[] {
    return [...this.#values].filter((secret) => isIn(secret, value));
  }

  /** A value to print: all of it is hidden where it has a secret in it. */
  shown(text: string): string {
    return this.areIn(text) ? HIDDEN : text;
  }

  /** A sentence to print, with secrets hidden in it. */
  masked(text: string): string {
    let masked = text;
    for (const secret of this.#values) masked = masked.replaceAll(secret, HIDDEN);
    return masked;
  }
}

function isIn(secret: string, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).some(([key, each]) => key.includes(secret) || isIn(secret, each));
  }
  return value !== undefined && String(value).includes(secret);
}
