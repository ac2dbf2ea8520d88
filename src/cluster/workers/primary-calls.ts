// What a worker asks of its primary by methods, and how it has them as its own.
import type { Callable } from '../../net/channel/calls.ts';
import type { QuotaSource } from '../../websocket-api/quota-source.ts';

export interface PrimaryCalls {
  takeQuota: QuotaSource['take'];
  giveBackQuota: QuotaSource['giveBack'];
}

export function primaryCalls({ quotas }: { readonly quotas: QuotaSource }): PrimaryCalls {
  return {
    takeQuota: (key, period, limit) => quotas.take(key, period, limit),
    giveBackQuota: (key, period, count) => quotas.giveBack(key, period, count),
  };
}

export function quotasOf(primary: Callable<PrimaryCalls>): QuotaSource {
  return {
    take: (key, period, limit) => primary.takeQuota(key, period, limit).catch(() => 0),
    giveBack: (key, period, count) => primary.giveBackQuota(key, period, count).catch(() => undefined),
  };
}
