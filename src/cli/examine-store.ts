// What `postern doctor` says of the store, on either engine, and of what is configured in it without effect.
import { domainsWithoutEffect, readDomains } from '../findings/domains-without-effect.ts';
import { type Finding, readApis, withoutEffect } from '../findings/without-effect.ts';
import { openingToOthers } from '../private-files.ts';
import type { PostgresLook } from '../store/postgres/look.ts';
import { type PostgresPlace, printPlace } from '../store/postgres/place.ts';
import { lookIntoSqliteStore } from '../store/sqlite/look.ts';
import type { ReadTransaction } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Check, DoctorSettings } from './doctor.ts';

interface StoreReport {
  readonly checks: readonly Check[];
  readonly findings: readonly Finding[];
}

const name = 'Store';

export async function examineStore(settings: DoctorSettings, version: string): Promise<StoreReport> {
  try {
    if (settings.store === undefined) return await examineDirectory(settings);
    return await examinePostgres(settings.store, settings, version);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { checks: [{ name, state: 'bad', text: error.message }], findings: [] };
  }
}

async function examineDirectory(settings: DoctorSettings): Promise<StoreReport> {
  const { data: directory } = settings;
  const store = await lookIntoSqliteStore(directory);
  if (store === undefined) return good(`${directory} holds none yet; a start makes it`);
  try {
    await store.checkIntegrity();
    const { apis, findings } = await store.read((tx) => readFindings(tx, settings));
    const used = store.owner === undefined ? 'not in use' : `in use by process ${store.owner}`;
    const held = `${countOf(apis)}, ${Math.ceil(store.bytes / 1024)} KiB`;
    const opening = await openingToOthers(directory);
    return good(
      `${directory} is intact: ${held}, ${used}${opening === undefined ? '' : `; ${opening}`}`,
      findings,
    );
  } finally {
    await store.close();
  }
}

async function examinePostgres(
  place: PostgresPlace,
  settings: DoctorSettings,
  version: string,
): Promise<StoreReport> {
  const { lookIntoPostgres } = await import('../store/postgres/look.ts');
  const look = await lookIntoPostgres(place, version);
  try {
    const at = `PostgreSQL ${look.server} at ${printPlace(place)}`;
    if (!look.isThere) return good(`${at} holds none yet; a start makes it`);
    await look.checkIntegrity();
    const { apis, findings } = await look.read((tx) => readFindings(tx, settings));
    const { checks } = good(`${at} is intact: ${countOf(apis)}`);
    return { checks: [...checks, ...notesOf(look)], findings };
  } finally {
    look.close();
  }
}

function notesOf({ missing, standbys, isSynchronous }: PostgresLook): Check[] {
  const notes: string[] = [];
  if (missing.length > 0) {
    notes.push('this version adds to its tables at a start; "postern store upgrade --check" tells what');
  }
  if (standbys > 0 && !isSynchronous) {
    notes.push(
      'its standbys are asynchronous, so a failover may lose writes that were acknowledged; synchronous_standby_names ends that',
    );
  }
  return notes.map((text) => ({ name, state: 'note', text }));
}

async function readFindings(
  tx: ReadTransaction,
  { sections, credentials, tls }: DoctorSettings,
): Promise<{ readonly apis: number; readonly findings: readonly Finding[] }> {
  const apis = await readApis(tx);
  const domains = await readDomains(tx);
  const domainMeans = { certificates: sections.certificates, hasOwnCertificate: tls !== undefined };
  const findings = [
    ...withoutEffect(apis, sections, credentials),
    ...domainsWithoutEffect(domains, domainMeans),
  ];
  return { apis: apis.length, findings };
}

function countOf(apis: number): string {
  return `${apis} ${apis === 1 ? 'API' : 'APIs'}`;
}

function good(text: string, findings: readonly Finding[] = []): StoreReport {
  return { checks: [{ name, state: 'good', text }], findings };
}
