// Header mappings of one direction, compiled: which original lines fall away and which lines are added
// (spec/http-api.md §4.7: values from the untouched message, then remove, overwrite, append).
import type { MappingValue } from '../grammar/mapping.ts';
import type { Call } from './call.ts';
import { headerValueOf } from './header-value.ts';
import { compileValue, type ValueReader, type ValueScope } from './values.ts';

/** The header forms of request and response changes. */
export type HeaderChange =
  | {
      readonly at: 'header';
      readonly name: string;
      readonly action: 'append' | 'overwrite';
      readonly value: MappingValue;
    }
  | { readonly at: 'header'; readonly name: string; readonly action: 'remove' };

interface Addition {
  /** Which of the changed names this is. */
  readonly index: number;
  /** `name: `, as written on the wire. */
  readonly start: string;
  readonly read: ValueReader;
  readonly overwrites: boolean;
}

/** What one call's mappings came to. */
export interface AppliedHeaderChanges {
  /** By index of the changed name: whether the original lines fall away. */
  readonly drops: readonly boolean[];
  readonly lines: string;
}

const NOTHING: AppliedHeaderChanges = Object.freeze({ drops: [], lines: '' });

export class HeaderChanges {
  /** Lower-case names that some change is about; a name's index here is its index in `drops`. */
  readonly names: readonly string[];
  readonly #removed: readonly boolean[];
  readonly #additions: readonly Addition[];
  /** Set when what is dropped and added is the same for every call. */
  readonly #constant: AppliedHeaderChanges | undefined;

  /** `ignored` names belong to the gateway: changes to them have no effect (spec/http-api.md §4.19). */
  constructor(
    changes: readonly HeaderChange[],
    scope: ValueScope,
    ignored: ReadonlySet<string>,
    spell: (name: string) => string,
  ) {
    const names: string[] = [];
    const removed: boolean[] = [];
    const additions: Addition[] = [];
    for (const change of changes) {
      const lower = change.name.toLowerCase();
      if (ignored.has(lower)) continue;
      let index = names.indexOf(lower);
      if (index < 0) {
        index = names.push(lower) - 1;
        removed.push(false);
      }
      if (change.action === 'remove') removed[index] = true;
      else {
        const overwrites = change.action === 'overwrite';
        additions.push({
          index,
          start: `${spell(change.name)}: `,
          read: compileValue(change.value, scope),
          overwrites,
        });
      }
    }
    this.names = names;
    this.#removed = removed;
    this.#additions = additions;
    this.#constant =
      additions.length === 0 ? (names.length === 0 ? NOTHING : { drops: removed, lines: '' }) : undefined;
  }

  apply(call: Call): AppliedHeaderChanges {
    if (this.#constant !== undefined) return this.#constant;
    const drops = this.#removed.slice();
    const overwritten: (string | undefined)[] = [];
    let appended = '';
    for (let i = 0; i < this.#additions.length; i++) {
      const { index, start, read, overwrites } = this.#additions[i]!;
      const value = read(call);
      if (value === undefined) continue;
      const line = `${start}${headerValueOf(value)}\r\n`;
      if (overwrites) {
        drops[index] = true;
        // Of two overwrites on one name the last in key order wins (§4.7).
        overwritten[index] = line;
      } else appended += line;
    }
    let lines = '';
    for (let i = 0; i < overwritten.length; i++) lines += overwritten[i] ?? '';
    return { drops, lines: lines + appended };
  }
}
