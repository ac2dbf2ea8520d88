// RSA keys of chips whose generator left a trace (CVE-2017-15361, "ROCA"): their primes are k·M + (65537^a mod M), M a product
// of the first primes, so that the modulus is a power of 65537 modulo each of them, and can be factored.
import type { KeyObject } from 'node:crypto';

const GENERATOR = 65_537;
/** Up to 167 all the chips' moduli have in common; where 65537 generates everything, a prime tells nothing. */
const LARGEST = 167;

/** By prime: the powers of the generator. */
const powers: ReadonlyMap<number, ReadonlySet<number>> = new Map(
  Array.from({ length: LARGEST + 1 }, (_, n) => n)
    .filter(isPrime)
    .map((prime) => [prime, powersModulo(prime)] as const)
    .filter(([prime, of]) => of.size < prime - 1),
);

/** Whether an RSA key is by such a generator; another key seems so once in 100 million. */
export function hasGuessablePrimes(key: KeyObject): boolean {
  const { n = '' } = key.export({ format: 'jwk' });
  const modulus = BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`);
  for (const [prime, of] of powers) if (!of.has(Number(modulus % BigInt(prime)))) return false;
  return true;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return n > 2;
}

function powersModulo(prime: number): Set<number> {
  const found = new Set<number>();
  for (let power = 1; !found.has(power); power = (power * (GENERATOR % prime)) % prime) found.add(power);
  return found;
}
