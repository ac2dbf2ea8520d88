// What became of one mapping, in words beside its row.
import type { Trace } from '../../../../src/http-api/explain/trace.ts';

/** One mapping of a trace. */
export type MappingStep = Trace['requestMappings'][number];

export interface Outcome {
  readonly text: string;
  /** `none`: it had no value, or nothing to take. */
  readonly kind: 'value' | 'none' | 'removed';
}

export function outcomeOf({ key, value, result, cleared, before }: MappingStep): Outcome {
  if (value === undefined && result === undefined && key.startsWith('remove:')) {
    return before === undefined
      ? { kind: 'none', text: 'there was nothing to remove' }
      : { kind: 'removed', text: `removed ${before}` };
  }
  if (cleared) return { kind: 'removed', text: 'no value: what the client sent was removed' };
  if (result === undefined) return { kind: 'none', text: 'no value: the mapping was skipped' };
  return { kind: 'value', text: result === '' ? '→ (empty)' : `→ ${result}` };
}
