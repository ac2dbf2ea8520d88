// The tree of a regular expression in Java's dialect (spec/websocket-api.md §5.5.2).
import { unreachable } from '../../defect.ts';
import type { CharacterSet } from '../character-set.ts';

export type Regex =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly Regex[] }
  | { readonly kind: 'choice'; readonly options: readonly Regex[] }
  /** `index` of a group that captures. */
  | { readonly kind: 'group'; readonly index: number | undefined; readonly of: Regex }
  | {
      readonly kind: 'repeat';
      readonly of: Regex;
      readonly least: number;
      /** Infinity for no end. */
      readonly most: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  /** `^`, `\A`, `$`, `\Z`, `\z`, `\b`, `\B`. */
  | { readonly kind: 'place'; readonly place: 'start' | 'line end' | 'end' | 'word' | 'no word' }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNot: boolean; readonly of: Regex };

export interface ParsedRegex {
  readonly root: Regex;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/** How many states a matcher needs for it: counts are spelt out. */
export function sizeOf(regex: Regex): number {
  const sum = (parts: readonly Regex[]) => parts.reduce((total, each) => total + sizeOf(each), 1);
  switch (regex.kind) {
    case 'set':
    case 'place':
      return 1;
    case 'sequence':
      return sum(regex.items);
    case 'choice':
      return sum(regex.options);
    case 'group':
    case 'look':
      return 1 + sizeOf(regex.of);
    case 'repeat': {
      const times = regex.most === Number.POSITIVE_INFINITY ? regex.least + 1 : regex.most;
      return 1 + Math.max(times, 1) * sizeOf(regex.of);
    }
    default:
      unreachable(regex);
  }
}

/** Whether it can match an empty text. */
export function isNullable(regex: Regex): boolean {
  switch (regex.kind) {
    case 'set':
      return false;
    case 'sequence':
      return regex.items.every(isNullable);
    case 'choice':
      return regex.options.some(isNullable);
    case 'group':
      return isNullable(regex.of);
    case 'repeat':
      return regex.least === 0 || isNullable(regex.of);
    case 'place':
    case 'look':
      return true;
    default:
      unreachable(regex);
  }
}
