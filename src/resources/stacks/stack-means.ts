// What a server has that stacks need.
import type { StackSettings } from '../../definitions/stack-settings.ts';
import type { Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import type { Allow } from './apply/stack-calls.ts';
import type { StackSurroundings } from './functions/stack-findings.ts';

export interface StackMeans extends Omit<Context, 'tx'> {
  readonly store: Store;
  /** The section `stacks` of the configuration file, as it is now. */
  readonly stacks: ReadonlyMap<string, StackSettings>;
  /** What is known of the world around; nothing when absent. */
  readonly surroundings?: StackSurroundings | undefined;
  /** Everything is allowed when absent. */
  readonly allow?: Allow | undefined;
}
