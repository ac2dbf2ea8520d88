// One object of S3, by the SDK's client: it finds the bucket's region, follows redirects and checks checksums. It is bundled
// (docs/decisions/0020-clients-of-our-own.md), so that what nobody uses of it is not there.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  /** The newest when undefined. */
  readonly version: string | undefined;
  /** Where no setting of the SDK names a region. */
  readonly fallbackRegion: string;
  /** Larger ones are not read. */
  readonly maxBytes: number;
}

/** Its text. Throws what the client throws. */
export async function readObject(place: ObjectPlace): Promise<string> {
  const { bucket: Bucket, key: Key, version, fallbackRegion, maxBytes } = place;
  const region = await new S3Client().config.region().catch(() => fallbackRegion);
  const client = new S3Client({ region, maxAttempts: 2, followRegionRedirects: true });
  try {
    const { Body, ContentLength = 0 } = await client.send(
      new GetObjectCommand({ Bucket, Key, ...(version === undefined ? {} : { VersionId: version }) }),
    );
    if (ContentLength > maxBytes) throw new Error(`it has ${ContentLength} bytes`);
    return (await Body?.transformToString()) ?? '';
  } finally {
    client.destroy();
  }
}
