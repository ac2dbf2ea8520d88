// DefaultRouteSettings and RouteSettings of stages (spec/management-api.md §2.8.2).
import type { Key, ReadTransaction } from '../../store/store.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';
import { checkRange } from '../limits.ts';
import { routeOfShape, shapeOf } from '../route/route-index.ts';
import type { StageDocument } from './stage-document.ts';

type RouteSettings = StageDocument['DefaultRouteSettings'];
type RouteSettingsByKey = StageDocument['RouteSettings'];

const MAX_INT = 2 ** 31 - 1;

/** The settings that a stage has when nothing is said. */
export function initialRouteSettings(protocolType: string): RouteSettings {
  return protocolType === 'HTTP'
    ? { DetailedMetricsEnabled: false }
    : { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: 'OFF' };
}

/** Checks settings for an API's protocol. HTTP APIs have no execution logs: what says "off" is dropped there. */
export function settledRouteSettings(protocolType: string, settings: RouteSettings): RouteSettings {
  checkRange('throttlingBurstLimit', settings.ThrottlingBurstLimit, 0, MAX_INT);
  checkRange('throttlingRateLimit', settings.ThrottlingRateLimit, 0, Number.MAX_VALUE);
  if (protocolType !== 'HTTP') return settings;
  const { LoggingLevel = 'OFF', DataTraceEnabled = false, ...rest } = settings;
  if (LoggingLevel !== 'OFF' || DataTraceEnabled) {
    throw badRequest('Execution logs are not supported on protocolType HTTP');
  }
  return rest;
}

/** Throws for a key that is the key of no route. Keys of `kept` stay, even if their route is gone. */
export async function checkRouteSettingsKeys(
  tx: ReadTransaction,
  apiKey: Key,
  protocolType: string,
  settings: RouteSettingsByKey,
  kept: RouteSettingsByKey,
): Promise<void> {
  for (const key of Object.keys(settings)) {
    if (Object.hasOwn(kept, key)) continue;
    if (!(await isRouteKey(tx, apiKey, protocolType, key))) {
      throw badRequest(`Unable to find Route by key ${key} within the provided RouteSettings`);
    }
  }
}

async function isRouteKey(
  tx: ReadTransaction,
  apiKey: Key,
  protocolType: string,
  routeKey: string,
): Promise<boolean> {
  try {
    const route = await routeOfShape(tx, apiKey, shapeOf(protocolType, routeKey));
    return route?.RouteKey === routeKey;
  } catch (error) {
    // A malformed key is the key of no route.
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

/** Settings of single routes merge, member by member (§1.10). */
export function mergedRouteSettings(
  stored: RouteSettingsByKey | undefined,
  given: RouteSettingsByKey,
): RouteSettingsByKey {
  const merged = new Map(Object.entries(stored ?? {}));
  for (const [key, settings] of Object.entries(given)) merged.set(key, { ...merged.get(key), ...settings });
  return Object.fromEntries(merged);
}
