// How postern.yaml names functions: by name or ARN, either perhaps with `:QUALIFIER` after it (docs/reference/settings.md).
import { FUNCTION_ARN } from './arn.ts';

/** The function's name in a key: `hello` of `hello:prod` and of `arn:aws:lambda:…:function:hello`. */
export function nameOfKey(key: string): string {
  const parts = key.split(':');
  return (parts[0] === 'arn' ? parts[6] : parts[0]) ?? key;
}

/** The keys that a function can have. */
export const FUNCTION_KEY = new RegExp(
  `^[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_$-]{1,128})?$|${FUNCTION_ARN.source}`,
);
