// What outlives a process, where nothing does: for parts of the program that are tried without the rest.
import type { Registry } from '../../src/websocket-api/connections/registry.ts';
import type { QuotaSource } from '../../src/websocket-api/quota-source.ts';

export const FORGETFUL_REGISTRY: Registry = { enter: async () => true, leave() {}, mayTell: () => true };

/** Grants one at a time. */
export function forgetfulQuotas(): QuotaSource {
  const granted = new Map<string, number>();
  return {
    async take(key, period, limit) {
      const before = granted.get(`${key} ${period}`) ?? 0;
      if (before >= limit) return 0;
      granted.set(`${key} ${period}`, before + 1);
      return 1;
    },
    async giveBack(key, period, count) {
      granted.set(`${key} ${period}`, (granted.get(`${key} ${period}`) ?? 0) - count);
    },
  };
}
