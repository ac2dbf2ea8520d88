// `throttling:` what all APIs of an account share in a region (spec/http-api.md §7.1). Without it an account is not
// limited:
//
//   throttling: { accountRateLimit: 10000, accountBurstLimit: 5000 }

import { AWS_ACCOUNT_LIMITS, type BucketNumbers } from '../../stage/throttle.ts';
import type { ConfigNode } from '../config-node.ts';

const MOST = 2 ** 31 - 1;

export function readThrottling(node: ConfigNode | undefined): BucketNumbers | undefined {
  const members = node?.members(['accountRateLimit', 'accountBurstLimit']);
  if (members === undefined || members.size === 0) return undefined;
  return {
    rateLimit: members.get('accountRateLimit')?.number(0, MOST) ?? AWS_ACCOUNT_LIMITS.rateLimit,
    burstLimit: members.get('accountBurstLimit')?.integer(0, MOST) ?? AWS_ACCOUNT_LIMITS.burstLimit,
  };
}
