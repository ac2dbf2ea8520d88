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
    if (this.#values.size === 0 || value === undefined) return false;
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value).some(([key, each]) => this.areIn(key) || this.areIn(each));
    }
    return Array.from(this.#values).some((secret) => String(value).includes(secret));
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
