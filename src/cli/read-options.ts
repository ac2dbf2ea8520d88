// Words behind a command → its options and operands, by a table of options. What is wrong is a UsageError.
import { suggestion, UsageError } from '../settings/usage-error.ts';
import type { FlagOption } from './command-options.ts';

export interface Given {
  readonly flags: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  /** The values of repeatable options. */
  readonly repeated: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  /** Options that have no effect, as written. */
  readonly withoutEffect: readonly string[];
}

/** `command` is what sentences call it: `postern explain`. */
export function readOptions(
  command: string,
  options: readonly FlagOption[],
  words: readonly string[],
): Given {
  const reader = new OptionReader(command, options, words);
  reader.read();
  return reader;
}

class OptionReader implements Given {
  readonly flags = new Map<string, string>();
  readonly switches = new Set<string>();
  readonly repeated = new Map<string, string[]>();
  readonly operands: string[] = [];
  readonly withoutEffect: string[] = [];
  readonly #command: string;
  readonly #options: readonly FlagOption[];
  readonly #words: readonly string[];
  #at = 0;

  constructor(command: string, options: readonly FlagOption[], words: readonly string[]) {
    this.#command = command;
    this.#options = options;
    this.#words = words;
  }

  read(): void {
    for (; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at]!;
      if (!word.startsWith('-') || word === '-') {
        this.operands.push(word);
        continue;
      }
      if (word === '--') {
        this.operands.push(...this.#words.slice(this.#at + 1));
        break;
      }
      const equals = word.startsWith('--') ? word.indexOf('=') : -1;
      const written = equals < 0 ? word : word.slice(0, equals);
      this.#option(written, equals < 0 ? undefined : word.slice(equals + 1));
    }
  }

  #option(written: string, attached: string | undefined): void {
    const option = this.#options.find((each) => isCalled(each, written));
    if (option === undefined) throw this.#unknown(written);
    const { flag, placeholder, refusal, repeatable, isWithoutEffect, more } = option;
    if (refusal !== undefined) throw new UsageError(`${written}: ${refusal}`);
    if (isWithoutEffect) this.withoutEffect.push(written);
    if (placeholder === undefined) {
      if (attached !== undefined) throw new UsageError(`${written} takes no value.`);
      this.switches.add(flag);
      return;
    }
    const value = attached ?? this.#value(option);
    if (value === undefined) {
      throw new UsageError(`${written} needs a value: ${written} ${placeholder}.`);
    }
    const values = more === undefined ? [value] : [value, ...this.#further(more)];
    if (repeatable || isWithoutEffect) {
      this.repeated.set(flag, [...(this.repeated.get(flag) ?? []), ...values]);
    } else if (this.flags.has(flag)) throw new UsageError(`${written} is there twice.`);
    else this.flags.set(flag, value);
  }

  /** The next word, or what is usual where that is something else. An option is none: `--outputs-file --dry-run` would deploy. */
  #value({ usual }: FlagOption): string | undefined {
    const next = this.#words[this.#at + 1];
    if (usual === undefined && next !== undefined && this.#isOption(next)) return undefined;
    if (usual !== undefined && (next === undefined || !usual.unless.test(next))) return usual.value;
    this.#at++;
    return next;
  }

  #isOption(word: string): boolean {
    const [written = ''] = word.split('=', 1);
    return this.#options.some((each) => isCalled(each, written));
  }

  #further(more: RegExp): readonly string[] {
    const from = this.#at + 1;
    while (this.#at + 1 < this.#words.length && more.test(this.#words[this.#at + 1]!)) this.#at++;
    return this.#words.slice(from, this.#at + 1);
  }

  #unknown(written: string): UsageError {
    const known = this.#options.filter(({ refusal }) => refusal === undefined).map(({ flag }) => `--${flag}`);
    return new UsageError(
      `${this.#command} has no option ${written}.${suggestion(written, known)} "${this.#command} --help" lists them.`,
    );
  }
}

function isCalled({ flag, short, synonyms }: FlagOption, written: string): boolean {
  if (written === `--${flag}` || (short !== undefined && written === `-${short}`)) return true;
  return synonyms?.some((each) => written === `--${each}`) === true;
}
