// What an update makes of stored mappings (spec/http-api.md §4.11, Choices C44, C74; management-api.md §1.10).

type Mappings = Readonly<Record<string, string>>;

/** Merges entry by entry: `""` deletes the stored entry of its key; for a `remove:` key that is not stored it is the value. */
export function mergeMappings(stored: Mappings, patch: Mappings): Mappings {
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of Object.entries(patch)) {
    if (value !== '' || (key.startsWith('remove:') && !merged.has(key))) merged.set(key, value);
    else merged.delete(key);
  }
  // Defines each key; an assignment would not define `__proto__`.
  return Object.fromEntries(merged);
}

/** Merges the mappings of each status. A status given as `{}`, or left without mappings, is gone. */
export function mergeResponseMappings(
  stored: Readonly<Record<string, Mappings>>,
  patch: Readonly<Record<string, Mappings>>,
): Readonly<Record<string, Mappings>> {
  const merged = new Map(Object.entries(stored));
  for (const [status, mappings] of Object.entries(patch)) {
    const isDeleted = Object.keys(mappings).length === 0;
    const next = isDeleted ? {} : mergeMappings(merged.get(status) ?? {}, mappings);
    if (Object.keys(next).length === 0) merged.delete(status);
    else merged.set(status, next);
  }
  return Object.fromEntries(merged);
}
