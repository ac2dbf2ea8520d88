// Headers as people read them.
import { isUtf8 } from 'node:buffer';
import type { HeaderBlock } from '../net/header-block.ts';

/** [name, value], in order. */
export function printHeaders(headers: HeaderBlock): [string, string][] {
  return Array.from({ length: headers.count }, (_, i) => [
    headers.name(i),
    printHeaderValue(headers.value(i)),
  ]);
}

/** The bytes of a head are latin1 here, and UTF-8 where a mapping wrote them. */
export function printHeaderValue<V extends string | undefined>(value: V): V | string {
  if (value === undefined || !/[\x80-\xff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}
