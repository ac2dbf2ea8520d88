import type { Entry } from '../ledger.ts';

/** An invariant that a ledger breaks, with the lines that show it. */
export interface Violation {
  readonly invariant: `I${number}`;
  readonly what: string;
  readonly lines: readonly Entry[];
  /** The figure that counts it, where there is one. */
  readonly counts?: 'lost write' | 'exceeded limit';
}

export type Invariant = (entries: readonly Entry[]) => readonly Violation[];
