// One event of a state machine, under the hands of what expands it.
import type { Tree, TreeMap } from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import type { Blame } from '../invalid.ts';
import type { TemplateAttributes } from '../resource.ts';

export interface StateMachineEvent {
  readonly eventId: string;
  readonly logicalId: string;
  readonly machineId: string;
  readonly type: string;
  readonly properties: TreeMap;
  readonly offset: number;
  readonly blame: Blame;
  readonly passedOn: TemplateAttributes;
  readonly permissionsBoundary: Tree | undefined;
  readonly expansion: Expansion;
}
