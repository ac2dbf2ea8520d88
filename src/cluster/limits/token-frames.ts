// Questions for tokens and their answers as bytes, between processes of one machine and one program.
import type { TokenAsk, TokenGrant } from '../../stage/token-source.ts';

const NUMBERS = 6;
const NUMBERS_BYTES = NUMBERS * 8;

export function encodeAsk({ bucket, numbers, due, ahead, back, held }: TokenAsk): Buffer {
  const bytes = Buffer.allocUnsafe(NUMBERS_BYTES + Buffer.byteLength(bucket));
  let at = 0;
  for (const number of [numbers.rateLimit, numbers.burstLimit, due, ahead, back, held])
    at = bytes.writeDoubleLE(number, at);
  bytes.write(bucket, at);
  return bytes;
}

export function decodeAsk(bytes: Buffer): TokenAsk {
  const [rateLimit, burstLimit, due, ahead, back, held] = Array.from({ length: NUMBERS }, (_, i) =>
    bytes.readDoubleLE(8 * i),
  ) as [number, number, number, number, number, number];
  const bucket = bytes.toString('utf8', NUMBERS_BYTES);
  return { bucket, numbers: { rateLimit, burstLimit }, due, ahead, back, held };
}

/** What nobody limits is good for ever. */
export function encodeGrant({ granted, emptyForMillis, goodForMillis = Infinity }: TokenGrant): Buffer {
  const bytes = Buffer.allocUnsafe(24);
  bytes.writeDoubleLE(granted, 0);
  bytes.writeDoubleLE(emptyForMillis, 8);
  bytes.writeDoubleLE(goodForMillis, 16);
  return bytes;
}

export function decodeGrant(bytes: Buffer): TokenGrant {
  return {
    granted: bytes.readDoubleLE(0),
    emptyForMillis: bytes.readDoubleLE(8),
    goodForMillis: bytes.readDoubleLE(16),
  };
}
