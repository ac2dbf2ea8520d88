// What of custom domain names is stored but does nothing (decision 0016): for the list of `postern doctor`.
import { domainKeyOf } from '../config/keys.ts';
import { listDomains } from '../snapshot/domain-table.ts';
import type { Document, ReadTransaction } from '../store/store.ts';
import type { Finding } from './without-effect.ts';

export interface StoredDomain {
  readonly account: string;
  readonly region: string;
  readonly domain: Document;
}

/** Every custom domain name of every account and region. */
export async function readDomains(tx: ReadTransaction): Promise<StoredDomain[]> {
  const domains: StoredDomain[] = [];
  for (const place of await listDomains(tx)) {
    const domain = await tx.get(domainKeyOf(place, place.name));
    if (domain !== undefined) domains.push({ account: place.account, region: place.region, domain });
  }
  return domains;
}

/** What the configuration has for domains. */
export interface DomainMeans {
  /** By ARN. */
  readonly certificates: ReadonlyMap<string, unknown>;
  /** `tls` of the gateway door. */
  readonly hasOwnCertificate: boolean;
}

/** What of these domains is configured and has no effect. */
export function domainsWithoutEffect(domains: readonly StoredDomain[], means: DomainMeans): Finding[] {
  const scopes = new Set(domains.map(({ account, region }) => `${account} ${region}`));
  return domains.flatMap(({ account, region, domain }) => {
    const scope = scopes.size > 1 ? `${account} ${region}, ` : '';
    const where = `${scope}domain ${String(domain.DomainName)}`;
    return findingsOf(domain, means).map(([what, effect]) => ({ where, what, effect }));
  });
}

type Found = readonly [what: string, effect: string];

function findingsOf(domain: Document, { certificates, hasOwnCertificate }: DomainMeans): Found[] {
  const [configuration = {}] = (domain.DomainNameConfigurations ?? []) as readonly Document[];
  const { CertificateArn, IpAddressType, OwnershipVerificationCertificateArn } = configuration;
  const found: Found[] = [];
  if (!certificates.has(String(CertificateArn))) {
    const instead = hasOwnCertificate ? 'clients are shown that of tls' : 'clients cannot call it by https';
    found.push([`CertificateArn ${String(CertificateArn)}`, `certificates has no files for it: ${instead}`]);
    if (domain.MutualTlsAuthentication !== undefined && !hasOwnCertificate) {
      found.push(['MutualTlsAuthentication', 'without TLS its requests are refused with 403']);
    }
  }
  if (OwnershipVerificationCertificateArn !== undefined) {
    found.push(['OwnershipVerificationCertificateArn', 'nobody asks here who owns a name']);
  }
  if (IpAddressType === 'dualstack') {
    found.push(['IpAddressType dualstack', 'the server listens where its settings say']);
  }
  return found;
}
