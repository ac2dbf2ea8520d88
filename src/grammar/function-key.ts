// How postern.yaml names functions: by name or ARN, either perhaps with `:QUALIFIER` after it (docs/reference/settings.md).
import { parseFunctionUri } from './arn.ts';

/** Whether a function can have the key. */
export function isFunctionKey(key: string): boolean {
  if (/^[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_$-]{1,128})?$/.test(key)) return true;
  try {
    return parseFunctionUri(key).form === 'function';
  } catch {
    return false;
  }
}
