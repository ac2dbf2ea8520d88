// The keys that Signature Version 4 derives from a secret for a day, a region and a service
// (spec/management-api.md §1.5). Four HMACs make one, so those that have verified a signature are kept.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Credentials } from './sigv4.ts';
import type { CredentialScope } from './sigv4-claim.ts';

/** Of one access key; the oldest go. */
const MAX_KEYS = 64;
/** A presigned request is good for a week, and may be signed on the day before by a clock that is behind. */
const KEPT_DAYS = 8;
const MILLIS_A_DAY = 86_400_000;

/** Keys by scope. They go with the credentials that they are of: those of a changed configuration are other objects. */
const kept = new WeakMap<Credentials, Map<string, KeyObject>>();

/** `20261122/eu-west-1/apigateway/aws4_request` */
export function scopeText({ date, region, service, terminator }: CredentialScope): string {
  return `${date}/${region}/${service}/${terminator}`;
}

export function keptSigningKey(credentials: Credentials, scope: string): KeyObject | undefined {
  return kept.get(credentials)?.get(scope);
}

/** To be called for a key that has verified a signature, so that nobody without the secret fills the room. `now` in epoch
 *  milliseconds: keys of days that no signature can have any more are dropped. */
export function keepSigningKey(credentials: Credentials, scope: string, key: KeyObject, now: number): void {
  let keys = kept.get(credentials);
  if (keys === undefined) {
    keys = new Map();
    kept.set(credentials, keys);
  }
  keys.set(scope, key);
  const oldest = new Date(now - KEPT_DAYS * MILLIS_A_DAY).toISOString().slice(0, 10).replaceAll('-', '');
  for (const each of keys.keys()) if (each.slice(0, oldest.length) < oldest) keys.delete(each);
  for (const each of keys.keys()) {
    if (keys.size <= MAX_KEYS) return;
    keys.delete(each);
  }
}

export function signingKeyOf(
  secret: string,
  { date, region, service, terminator }: CredentialScope,
): KeyObject {
  let key = Buffer.from(`AWS4${secret}`);
  for (const part of [date, region, service, terminator])
    key = createHmac('sha256', key).update(part).digest();
  return createSecretKey(key);
}
