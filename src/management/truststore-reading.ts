// Reads the truststore that CreateDomainName or UpdateDomainName names before its transaction begins: a transaction must
// not wait for S3 (spec/http-api.md §10.2).
import { domainKeyOf } from '../config/keys.ts';
import type { ReadContext } from '../resources/context.ts';
import { patchMutualTls } from '../resources/domain/domain-name.ts';
import type { MutualTls } from '../resources/domain/domain-name-document.ts';
import type { Store } from '../store/store.ts';
import type { AnyInput } from '../wire/parse.ts';
import type { Caller } from './caller.ts';

type ReadTruststore = NonNullable<ReadContext['readTruststore']>;

/** The hook for the transaction: what was read now is there at once. */
export async function truststoreReadingOf(
  read: ReadTruststore | undefined,
  { MutualTlsAuthentication, DomainName }: AnyInput,
  caller: Caller,
  store: Store,
): Promise<ReadTruststore | undefined> {
  if (read === undefined || MutualTlsAuthentication === undefined) return read;
  const key = domainKeyOf(caller, String(DomainName));
  const stored = (await store.read((tx) => tx.get(key)))?.MutualTlsAuthentication as MutualTls | undefined;
  const { TruststoreUri, TruststoreVersion } =
    patchMutualTls(stored, MutualTlsAuthentication as MutualTls) ?? {};
  if (TruststoreUri === undefined) return read;
  const [asked] = await Promise.allSettled([read(TruststoreUri, TruststoreVersion)]);
  return async (uri, version) => {
    // Somebody else changed the domain meanwhile.
    if (uri !== TruststoreUri || version !== TruststoreVersion) return read(uri, version);
    if (asked.status === 'rejected') throw asked.reason;
    return asked.value;
  };
}
