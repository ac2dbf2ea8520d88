// How postern.yaml names functions: by name or ARN, either perhaps with `:QUALIFIER` after it (docs/reference/settings.md).
import { parseFunctionUri } from './arn.ts';

/** The function's name in a key: `hello` of `hello:prod` and of `arn:aws:lambda:…:function:hello`. */
export function nameOfKey(key: string): string {
  const parts = key.split(':');
  return (parts[0] === 'arn' ? parts[6] : parts[0]) ?? key;
}

/** Whether a function can have the key. */
export function isFunctionKey(key: string): boolean {
  if (/^[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_$-]{1,128})?$/.test(key)) return true;
  try {
    return parseFunctionUri(key).form === 'function';
  } catch {
    return false;
  }
}
