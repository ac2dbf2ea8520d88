// Logical ids that are made of values (spec/definitions.md §8.4.1, §8.7.2).
import { createHash } from 'node:crypto';
import { isTruthy, stringOf, type Tree } from './editing.ts';
import { pythonJson } from './python-text.ts';

/** The first digits of the SHA-1 of a text, or of a value's JSON; empty of nothing. */
export function idHash(data: string | Tree | undefined, digits = 10): string {
  const text = typeof data === 'string' ? data : isTruthy(data) ? (stringOf(data) ?? pythonJson(data)) : '';
  return text === '' ? '' : createHash('sha1').update(text).digest('hex').slice(0, digits);
}

/** Letters and digits only, and at least one. */
export function isAlphanumeric(text: string): boolean {
  return /^[\p{L}\p{N}]+$/u.test(text);
}
