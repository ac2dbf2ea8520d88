import { useSyncExternalStore } from 'react';
import type { Followed } from './followed.ts';

/** What the value is now, and from now on. */
export function useFollowed<T>({ subscribe, current }: Followed<T>): T {
  return useSyncExternalStore(subscribe, current);
}
