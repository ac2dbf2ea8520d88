// How requests name a stack: by its name, or by its id, which is an ARN.
import type { Place } from '../../config/keys.ts';

/** The name in `arn:aws:cloudformation:us-east-1:000000000000:stack/pets/…`. An ARN of another account or region is no name of a
 *  stack here, and stays as it is. */
export function stackNameIn(text: string, { account, region }: Place): string {
  const [, ofRegion, ofAccount, name] =
    /^arn:[^:]*:cloudformation:([^:]*):([^:]*):stack\/([^/]+)/.exec(text) ?? [];
  return name !== undefined && ofRegion === region && ofAccount === account ? name : text;
}
