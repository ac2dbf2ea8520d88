// Custom domains by host name (spec/http-api.md §1.4, §1.7), and how the publisher keeps them: compiled one by one as they
// change.
import { type DomainConfig, parseDomain } from '../config/domain.ts';
import {
  apiMappingsOf,
  DOMAIN_INDEX,
  type DomainPlace,
  domainKeyOf,
  routingRulesOf,
} from '../config/keys.ts';
import type { Document, Key, ReadTransaction } from '../store/store.ts';
import { type CustomDomain, compileDomain } from './custom-domain.ts';

export interface DomainTable {
  readonly exact: ReadonlyMap<string, CustomDomain>;
  /** By what follows `*.`. */
  readonly wildcard: ReadonlyMap<string, CustomDomain>;
  /** Whether one of them asks its clients for certificates. */
  readonly hasMutualTls: boolean;
}

export const NO_DOMAINS: DomainTable = Object.freeze({
  exact: new Map(),
  wildcard: new Map(),
  hasMutualTls: false,
});

/** The domain of a host or server name in lower case, without port: the exact one, else the wildcard one, whose `*` is one
 *  label. */
export function findDomain({ exact, wildcard }: DomainTable, lowerName: string): CustomDomain | undefined {
  const found = exact.get(lowerName);
  if (found !== undefined || wildcard.size === 0) return found;
  const dot = lowerName.indexOf('.');
  return dot < 1 ? undefined : wildcard.get(lowerName.substring(dot + 1));
}

/** All of them. */
export function domainsIn({ exact, wildcard }: DomainTable): readonly CustomDomain[] {
  return [...exact.values(), ...wildcard.values()];
}

/** The domains that are live. */
export class PublishedDomains {
  readonly #domains = new Map<string, CustomDomain>();
  #table: DomainTable | undefined = NO_DOMAINS;

  get table(): DomainTable {
    this.#table ??= tableOf(this.#domains.values());
    return this.#table;
  }

  /** Takes away all others. */
  keepOnly(places: readonly DomainPlace[]): void {
    const kept = new Set(places.map(idOf));
    for (const id of this.#domains.keys()) if (!kept.has(id)) this.#domains.delete(id);
    this.#table = undefined;
  }

  /** Brings one domain up to date. Throws when it cannot be compiled; the one before stays. */
  async refresh(tx: ReadTransaction, place: DomainPlace): Promise<void> {
    const config = await readDomain(tx, place);
    const id = idOf(place);
    if (config === undefined) this.#domains.delete(id);
    else this.#domains.set(id, compileDomain(config));
    this.#table = undefined;
  }
}

function idOf({ account, region, name }: DomainPlace): string {
  return `${account}/${region}/${name}`;
}

async function readDomain(tx: ReadTransaction, place: DomainPlace): Promise<DomainConfig | undefined> {
  const key = domainKeyOf(place, place.name);
  const domain = await tx.get(key);
  if (domain === undefined) return undefined;
  const documentsIn = async (collection: Key): Promise<readonly Document[]> =>
    (await tx.list(collection)).entries.map(({ document }) => document);
  const mappings = await documentsIn(apiMappingsOf(key));
  const rules = await documentsIn(routingRulesOf(key));
  return parseDomain({ accountId: place.account, region: place.region, domain, mappings, rules });
}

/** Every domain there is, in the order of creation. */
export async function listDomains(tx: ReadTransaction): Promise<DomainPlace[]> {
  const { entries } = await tx.list(DOMAIN_INDEX);
  return entries.map(({ document: { Account, Region, DomainName } }) => ({
    account: String(Account),
    region: String(Region),
    name: String(DomainName),
  }));
}

/** A name that two regions have leads to the one that was created first. */
function tableOf(domains: Iterable<CustomDomain>): DomainTable {
  const exact = new Map<string, CustomDomain>();
  const wildcard = new Map<string, CustomDomain>();
  let hasMutualTls = false;
  for (const domain of domains) {
    const isWildcard = domain.name.startsWith('*.');
    const names = isWildcard ? wildcard : exact;
    const name = isWildcard ? domain.name.slice(2) : domain.name;
    if (names.has(name)) continue;
    names.set(name, domain);
    if (domain.tls.truststore !== undefined) hasMutualTls = true;
  }
  return Object.freeze({ exact, wildcard, hasMutualTls });
}
