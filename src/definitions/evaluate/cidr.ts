// Blocks of addresses in a block of addresses: Fn::Cidr (spec/definitions.md §4.2).
import { isIPv4, isIPv6 } from 'node:net';

/** `count` blocks of so many bits for hosts, from the start of the block; a text says why there are none. */
export function subnetsOf(block: string, count: number, bits: number): readonly string[] | string {
  const [address = '', prefix = '', ...rest] = block.split('/');
  const width = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : 0;
  const isBlock = width > 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= width;
  if (!isBlock) return `${block} is no block of addresses such as 10.0.0.0/16`;
  if (!Number.isInteger(count) || count < 1 || count > 256)
    return `${count} blocks cannot be had: there may be 1 to 256`;
  if (!Number.isInteger(bits) || bits < 0 || bits > width)
    return `${bits} bits cannot be had: there may be 0 to ${width}`;
  const size = 1n << BigInt(bits);
  const whole = 1n << BigInt(width - Number(prefix));
  if (size * BigInt(count) > whole) return `${count} blocks of ${bits} bits do not fit into ${block}`;
  const number = width === 32 ? numberOf4(address) : numberOf6(address);
  const start = number - (number % whole);
  const written = width === 32 ? written4 : written6;
  return Array.from({ length: count }, (_, at) => `${written(start + size * BigInt(at))}/${width - bits}`);
}

function numberOf4(address: string): bigint {
  return address.split('.').reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function written4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
}

function numberOf6(address: string): bigint {
  const mapped = /^(.*:)([\d.]+)$/.exec(address);
  const plain =
    mapped !== null && isIPv4(mapped[2]!)
      ? `${mapped[1]}${(numberOf4(mapped[2]!) >> 16n).toString(16)}:${(numberOf4(mapped[2]!) & 0xffffn).toString(16)}`
      : address;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const between = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...between, ...after].reduce(
    (number, part) => number * 65_536n + BigInt(`0x${part}`),
    0n,
  );
}

/** With its longest run of zeros left out (RFC 5952). */
function written6(number: bigint): string {
  const parts = Array.from({ length: 8 }, (_, at) => (number >> BigInt(112 - 16 * at)) & 0xffffn);
  let longest = { start: 0, length: 1 };
  let run = 0;
  parts.forEach((part, at) => {
    run = part === 0n ? run + 1 : 0;
    if (run > longest.length) longest = { start: at - run + 1, length: run };
  });
  const texts = parts.map((part) => part.toString(16));
  if (longest.length === 1) return texts.join(':');
  const { start, length } = longest;
  return `${texts.slice(0, start).join(':')}::${texts.slice(start + length).join(':')}`;
}
