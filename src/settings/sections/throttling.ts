// `throttling:` what all APIs of an account share in a region (spec/http-api.md §7.1). Without it an account is not
// limited:
//
//   throttling: { accountRateLimit: 10000, accountBurstLimit: 5000 }

import { AWS_ACCOUNT_LIMITS, type BucketNumbers } from '../../stage/throttle.ts';
import { integer, into, number, objectOf, optional, section } from '../shape.ts';

const MOST = 2 ** 31 - 1;

const members = objectOf({
  accountRateLimit: optional(
    "Requests a second; AWS's 10,000 where the burst alone is said.",
    number(0, MOST),
  ),
  accountBurstLimit: optional(
    "Requests at once; AWS's 5,000 where the rate alone is said.",
    integer(0, MOST),
  ),
});

export const throttling = section<BucketNumbers | undefined>(
  'What all APIs of an account share in a region; accounts are not limited without it.',
  into(members, ({ accountRateLimit: rate, accountBurstLimit: burst }) => {
    if (rate === undefined && burst === undefined) return undefined;
    return {
      rateLimit: rate ?? AWS_ACCOUNT_LIMITS.rateLimit,
      burstLimit: burst ?? AWS_ACCOUNT_LIMITS.burstLimit,
    };
  }),
  undefined,
);
