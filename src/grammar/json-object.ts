// Whether a value that JSON.parse gave is an object (RFC 8259 §4).

/** True of objects; false of arrays, null, texts, numbers and booleans. The members are still to be judged. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
