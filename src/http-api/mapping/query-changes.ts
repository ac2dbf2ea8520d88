// Query mappings, compiled (spec/http-api.md §4.7, §4.16 row 62, Choice C16).
import type { RequestChange } from '../../grammar/mapping.ts';
import { encodeQueryText } from '../../grammar/percent.ts';
import { joined, withoutQueryName } from '../../stage/query.ts';
import type { Call } from '../call.ts';
import { compileValue, tellsCaller, type ValueReader, type ValueScope } from './values.ts';

export interface QueryChange {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly name: string;
  /** `name=`, encoded. */
  readonly start: string;
  readonly read: ValueReader;
  /** Of an overwrite: the client's pairs go when there is no value, because the name has a `remove` too, or because the value
   *  tells who calls (spec/http-api.md §4.13). One change, so that the new pair finds the place of the first old one
   *  (§4.16 row 62). */
  readonly removes: boolean;
}

type QueryMapping = RequestChange & { at: 'query' };

/** In the order of application. All overwrites of a name are one change. */
export function compileQueryChanges(changes: readonly QueryMapping[], scope: ValueScope): QueryChange[] {
  const overwritesOf = (name: string) =>
    changes.filter((change) => change.action === 'overwrite' && change.name === name);
  return changes.flatMap((change): QueryChange[] => {
    const { action, name } = change;
    const start = `${encodeQueryText(name)}=`;
    const overwrites = overwritesOf(name);
    if (action === 'append') {
      return [{ action, name, start, read: compileValue(change.value, scope), removes: false }];
    }
    if (action === 'remove') {
      return overwrites.length > 0 ? [] : [{ action, name, start, read: () => undefined, removes: true }];
    }
    if (change !== overwrites[0]) return [];
    const values = overwrites.flatMap((each) => (each.action === 'overwrite' ? [each.value] : []));
    const removes =
      changes.some((each) => each.action === 'remove' && each.name === name) ||
      values.some((value) => tellsCaller(value, scope));
    return [
      { action, name, start, read: lastOf(values.map((value) => compileValue(value, scope))), removes },
    ];
  });
}

/** The last value there is. */
function lastOf(readers: readonly ValueReader[]): ValueReader {
  if (readers.length === 1) return readers[0]!;
  return (call) => {
    for (let i = readers.length - 1; i >= 0; i--) {
      const value = readers[i]!(call);
      if (value !== undefined) return value;
    }
    return undefined;
  };
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
