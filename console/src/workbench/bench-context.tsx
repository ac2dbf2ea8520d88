// What every field of the bench asks: what is wrong with it, what it came to, and what can be completed.
import { createContext, useContext } from 'react';
import type { Complete } from './editor/words.ts';
import type { MappingStep } from './lines/outcome.ts';

export interface BenchFacts {
  /** By ids of mappings, templates and settings, and of rows that are half written. */
  readonly problems: ReadonlyMap<string, string>;
  /** By ids of mappings. */
  readonly steps: ReadonlyMap<string, MappingStep>;
  readonly complete: {
    readonly requestKeys: Complete;
    readonly responseKeys: Complete;
    readonly requestValues: Complete;
    readonly responseValues: Complete;
    readonly templates: Complete;
  };
}

const NOTHING: Complete = () => undefined;

export const BenchContext = createContext<BenchFacts>({
  problems: new Map(),
  steps: new Map(),
  complete: {
    requestKeys: NOTHING,
    responseKeys: NOTHING,
    requestValues: NOTHING,
    responseValues: NOTHING,
    templates: NOTHING,
  },
});

export const useBench = (): BenchFacts => useContext(BenchContext);
