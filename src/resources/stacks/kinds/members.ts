// What an update changes, member by member, as reports print it (spec/definitions.md §11.4.1).
import { isDeepStrictEqual } from 'node:util';
import type { MemberChange } from '../../../definitions/deploy-answer.ts';

type Data = { readonly [name: string]: unknown };

/** The members that are different, in the order of what is and then of what was. Maps are told member by member. */
export function membersBetween(before: Data, after: Data, prefix = ''): readonly MemberChange[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name) => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (isDeepStrictEqual(was, is)) return [];
    if (isMap(was) && isMap(is)) return membersBetween(was, is, `${prefix}${name}.`);
    return [{ name: `${prefix}${name}`, ...scalar('before', was), ...scalar('after', is) }];
  });
}

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalar(side: 'before' | 'after', value: unknown): object {
  return value === undefined || typeof value === 'object' ? {} : { [side]: value };
}
