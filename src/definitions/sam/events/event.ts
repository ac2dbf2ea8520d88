// One event of a function, under the hands of what expands it.
import type { TreeMap } from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import type { FunctionTarget } from '../functions/function-target.ts';
import type { Blame } from '../invalid.ts';
import type { Resource } from '../resource.ts';

export interface FunctionEvent {
  /** In its function. */
  readonly eventId: string;
  readonly functionId: string;
  /** Of what is made of it: the function's and its own. */
  readonly logicalId: string;
  readonly type: string;
  readonly properties: TreeMap;
  readonly offset: number;
  readonly target: FunctionTarget;
  readonly expansion: Expansion;
  /** A sentence of the event. */
  readonly blame: Blame;
}

export type ExpandEvent = (event: FunctionEvent) => Resource[];
