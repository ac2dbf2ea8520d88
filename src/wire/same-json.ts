// Whether two values that were read from JSON are the same. The order of members is none of it. util.isDeepStrictEqual says the same
// in three times the time, as it asks for prototypes and symbols.

export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isSameJson(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const before = a as Record<string, unknown>;
  const now = b as Record<string, unknown>;
  const names = Object.keys(before);
  if (Object.keys(now).length !== names.length) return false;
  for (const name of names) {
    if (!Object.hasOwn(now, name) || !isSameJson(before[name], now[name])) return false;
  }
  return true;
}
