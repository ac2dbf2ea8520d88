// Query mappings, compiled (spec/http-api.md §4.7, §4.16 row 62, Choice C16).
import type { RequestChange } from '../grammar/mapping.ts';
import { encodeQueryText } from '../grammar/percent.ts';
import type { Call } from './call.ts';
import { joined, withoutQueryName } from './query.ts';
import { compileValue, type ValueReader, type ValueScope } from './values.ts';

export interface QueryChange {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly name: string;
  /** `name=`, encoded. */
  readonly start: string;
  readonly read: ValueReader;
  /** Of an overwrite: the name has a `remove` too. One change, so that the new pair finds the place of the first old one
   *  (spec/http-api.md §4.16 row 62). */
  readonly removes: boolean;
}

type QueryMapping = RequestChange & { at: 'query' };

/** In the order of application. */
export function compileQueryChanges(changes: readonly QueryMapping[], scope: ValueScope): QueryChange[] {
  const has = (action: QueryMapping['action'], name: string): boolean =>
    changes.some((change) => change.action === action && change.name === name);
  return changes
    .filter(({ action, name }) => action !== 'remove' || !has('overwrite', name))
    .map((change) => {
      const { action, name } = change;
      const read = change.action === 'remove' ? () => undefined : compileValue(change.value, scope);
      const removes = action === 'overwrite' && has('remove', name);
      return { action, name, start: `${encodeQueryText(name)}=`, read, removes };
    });
}

/** A query string after the changes. */
export function changedQuery(query: string, changes: readonly QueryChange[], call: Call): string {
  for (let i = 0; i < changes.length; i++) {
    const { action, name, start, read, removes } = changes[i]!;
    if (action === 'remove') query = withoutQueryName(query, name);
    else {
      const value = read(call);
      if (value === undefined) {
        if (removes) query = withoutQueryName(query, name);
        continue;
      }
      const pair = start + encodeQueryText(value);
      query = action === 'append' ? joined(query, pair) : withoutQueryName(query, name, pair);
    }
  }
  return query;
}
