// Header mappings of one direction, compiled: which original lines fall away and which lines are added
// (spec/http-api.md §4.7: values from the untouched message, then remove, overwrite, append).
import type { MappingValue } from '../../grammar/mapping-value.ts';
import { headerValueOf } from '../../stage/header-value.ts';
import type { Call } from '../call.ts';
import { compileValue, constantOf, tellsCaller, type ValueReader, type ValueScope } from './values.ts';

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
  /** The whole line, when it is the same for every call. */
  readonly line: string | undefined;
  /** `name: `, as written on the wire. */
  readonly start: string;
  readonly read: ValueReader;
  readonly overwrites: boolean;
  /** An overwrite whose missing value removes what the client sent (spec/http-api.md §4.13). */
  readonly clears: boolean;
}

/** What one call's mappings came to. */
export interface AppliedHeaderChanges {
  /** By index of the changed name: whether the original lines fall away. */
  readonly drops: readonly boolean[];
  readonly lines: string;
}

export class HeaderChanges {
  /** Lower-case names that some change is about; a name's index here is its index in `drops`. */
  readonly names: readonly string[];
  /** What falls away for every call. */
  readonly #drops: readonly boolean[];
  /** Overwrites before appends, each in their order. */
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
    const drops: boolean[] = [];
    const additions: Addition[] = [];
    for (const change of changes) {
      const lower = change.name.toLowerCase();
      if (ignored.has(lower)) continue;
      let index = names.indexOf(lower);
      if (index < 0) {
        index = names.push(lower) - 1;
        drops.push(false);
      }
      if (change.action === 'remove') drops[index] = true;
      else {
        const overwrites = change.action === 'overwrite';
        const start = `${spell(change.name)}: `;
        const text = constantOf(change.value, scope);
        const line = text === undefined ? undefined : `${start}${headerValueOf(text)}\r\n`;
        if (line !== undefined && overwrites) {
          drops[index] = true;
          dropOverwrites(additions, index);
        }
        const read = compileValue(change.value, scope);
        // A request always has a host.
        const clears = overwrites && lower !== 'host' && tellsCaller(change.value, scope);
        additions.push({ index, line, start, read, overwrites, clears });
      }
    }
    this.names = names;
    this.#drops = drops;
    this.#additions = additions;
    const isConstant = additions.every(({ line }) => line !== undefined);
    this.#constant = isConstant ? { drops, lines: additions.map(({ line }) => line).join('') } : undefined;
  }

  apply(call: Call): AppliedHeaderChanges {
    if (this.#constant !== undefined) return this.#constant;
    const additions = this.#additions;
    let drops = this.#drops;
    let lines = '';
    for (let i = 0; i < additions.length; i++) {
      const { index, line, start, read, overwrites, clears } = additions[i]!;
      if (line !== undefined) {
        if (!overwrites || !this.#isOverwritten(call, i)) lines += line;
        continue;
      }
      const value = read(call);
      if (value === undefined && !clears) continue;
      if (overwrites && drops[index] !== true) {
        const changed = drops.slice();
        changed[index] = true;
        drops = changed;
      }
      if (value === undefined || (overwrites && this.#isOverwritten(call, i))) continue;
      lines += `${start}${headerValueOf(value)}\r\n`;
    }
    return { drops, lines };
  }

  /** Of several overwrites on one name the last wins (§4.7). */
  #isOverwritten(call: Call, at: number): boolean {
    const { index } = this.#additions[at]!;
    for (let i = at + 1; i < this.#additions.length; i++) {
      const later = this.#additions[i]!;
      if (!later.overwrites) return false;
      if (later.index === index && later.read(call) !== undefined) return true;
    }
    return false;
  }
}

/** A later overwrite that always applies makes earlier ones on its name vain. */
function dropOverwrites(additions: Addition[], index: number): void {
  for (let i = additions.length - 1; i >= 0; i--) {
    if (additions[i]!.index === index && additions[i]!.overwrites) additions.splice(i, 1);
  }
}
