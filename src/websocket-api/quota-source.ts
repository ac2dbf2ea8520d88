// Who grants what quotas allow: durably, so that what was granted before a restart, or by another process, counts.

export interface QuotaSource {
  /** Takes some of what a period has left of a limit: as much as is good to have in hand. 0: nothing is left, or nobody can be asked.
   *  Never rejects. */
  take(key: string, period: string, limit: number): Promise<number>;
  /** What was taken and has not been used. Never rejects. */
  giveBack(key: string, period: string, count: number): Promise<void>;
}
