// `postern doctor`: versions, doors, store, and what is configured but without effect (decision 0016).
import type { Credentials } from '../identity/sigv4.ts';
import { openingToOthers } from '../private-files.ts';
import { lookIntoSqliteStore } from '../store/sqlite-look.ts';
import { StoreError } from '../store/store-error.ts';
import { type Address, printAddress, reachableHost } from './address.ts';
import { domainsWithoutEffect, readDomains } from './domains-without-effect.ts';
import { isTaken, lookAtDoor } from './door-look.ts';
import type { Sections } from './sections.ts';
import { lookAtStages } from './stage-look.ts';
import { type Paint, printable } from './terminal.ts';
import { type Finding, readApis, withoutEffect } from './without-effect.ts';

/** What doctor has to know of the settings. */
export interface DoctorSettings {
  readonly doors:
    | { readonly kind: 'shared'; readonly address: Address }
    | { readonly kind: 'separate'; readonly management: Address; readonly gateway: Address };
  readonly tls: object | undefined;
  readonly data: string;
  readonly sections: Sections;
  readonly credentials: readonly (Credentials & { readonly accountId: string })[];
  readonly region: string;
}

export interface DoctorOptions {
  readonly settings: DoctorSettings;
  readonly version: string;
  readonly json: boolean;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

type State = 'good' | 'bad';

interface Check {
  readonly name: string;
  readonly state: State;
  readonly text: string;
}

const OLDEST_NODE = [20, 19];

/** Prints what it finds. Returns the exit code: 1 when something is bad. */
export async function runDoctor({ settings, version, json, output, paint }: DoctorOptions): Promise<number> {
  const store = await examineStore(settings);
  const checks = [
    { name: 'Postern', state: 'good' as const, text: version },
    examineNode(process.versions.node),
    ...(await examineDoors(settings)),
    ...(await examineStages(settings)),
    ...store.checks,
  ];
  const healthy = checks.every((check) => check.state !== 'bad');
  if (json) {
    output.write(`${JSON.stringify({ healthy, checks, withoutEffect: store.findings }, undefined, 2)}\n`);
  } else {
    output.write(printReport(checks, store.findings, paint));
  }
  return healthy ? 0 : 1;
}

export function examineNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fine = major > OLDEST_NODE[0]! || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]!);
  return fine
    ? { name: 'Node.js', state: 'good', text: version }
    : { name: 'Node.js', state: 'bad', text: `${version}; Postern needs ${OLDEST_NODE.join('.')} or newer` };
}

async function examineDoors({ doors, tls, sections }: DoctorSettings): Promise<Check[]> {
  const scheme = tls === undefined && sections.certificates.size === 0 ? 'http' : 'https';
  if (doors.kind === 'shared') return [await examineManagement('Both doors', doors.address, scheme)];
  const management = await examineManagement('Management', doors.management, 'http');
  const name = 'Gateway';
  const at = printAddress(doors.gateway);
  if (doors.gateway.port === 0)
    return [management, { name, state: 'good', text: `${at}: a free port at start` }];
  // Only the management door tells that it is ours; where it answers, the gateway is taken to be the same server's.
  const taken = await isTaken(doors.gateway);
  const running = management.text.includes('answers');
  if (taken === running)
    return [management, { name, state: 'good', text: `${at} ${taken ? 'accepts requests' : 'is free'}` }];
  const text = taken
    ? `${at} is in use by another program`
    : `${at} does not answer though the management door does`;
  return [management, { name, state: 'bad', text }];
}

async function examineManagement(name: string, address: Address, scheme: 'http' | 'https'): Promise<Check> {
  const at = printAddress(address);
  if (address.port === 0) return { name, state: 'good', text: `${at}: a free port at start` };
  const { state, problems } = await lookAtDoor(address, scheme);
  switch (state) {
    case 'free':
      return { name, state: 'good', text: `${at} is free; no server runs there` };
    case 'healthy':
      return { name, state: 'good', text: `a Postern answers at ${at} and is healthy` };
    case 'unhealthy':
      return {
        name,
        state: 'bad',
        text: `a Postern answers at ${at} and says that it is not healthy${problems.map((each) => `: ${each}`).join('')}`,
      };
    case 'taken':
      return {
        name,
        state: 'bad',
        text: `${at} is in use by another program; stop that one or choose another with --listen`,
      };
  }
}

/** Says nothing where no server answers. */
async function examineStages({ doors, tls, credentials, region }: DoctorSettings): Promise<Check[]> {
  const { host, port } = doors.kind === 'shared' ? doors.address : doors.management;
  const scheme = doors.kind === 'shared' && tls !== undefined ? 'https' : 'http';
  const origin = `${scheme}://${printAddress({ host: reachableHost(host), port })}`;
  const look = port === 0 ? undefined : await lookAtStages(origin, credentials[0], region);
  if (look === undefined) return [];
  const name = 'Stages';
  if (look.problems.length > 0) return look.problems.map((text) => ({ name, state: 'bad', text }));
  return [{ name, state: 'good', text: `${look.stages} ${look.stages === 1 ? 'is' : 'are'} as deployed` }];
}

interface StoreReport {
  readonly checks: readonly Check[];
  readonly findings: readonly Finding[];
}

async function examineStore({
  data: directory,
  sections,
  credentials,
  tls,
}: DoctorSettings): Promise<StoreReport> {
  const name = 'Store';
  try {
    const store = await lookIntoSqliteStore(directory);
    if (store === undefined) {
      return {
        checks: [{ name, state: 'good', text: `${directory} holds none yet; a start makes it` }],
        findings: [],
      };
    }
    try {
      await store.checkIntegrity();
      const apis = await store.read(readApis);
      const domains = await store.read(readDomains);
      const domainMeans = { certificates: sections.certificates, hasOwnCertificate: tls !== undefined };
      const used = store.owner === undefined ? 'not in use' : `in use by process ${store.owner}`;
      const held = `${apis.length} ${apis.length === 1 ? 'API' : 'APIs'}, ${Math.ceil(store.bytes / 1024)} KiB`;
      const opening = await openingToOthers(directory);
      const text = `${directory} is intact: ${held}, ${used}${opening === undefined ? '' : `; ${opening}`}`;
      return {
        checks: [{ name, state: 'good', text }],
        findings: [
          ...withoutEffect(apis, sections, credentials),
          ...domainsWithoutEffect(domains, domainMeans),
        ],
      };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { checks: [{ name, state: 'bad', text: error.message }], findings: [] };
  }
}

function printReport(checks: readonly Check[], findings: readonly Finding[], paint: Paint): string {
  const marks: { readonly [S in State]: string } = {
    good: paint.green('✓'),
    bad: paint.red('✗'),
  };
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.map(
    ({ name, state, text }) => `${marks[state]} ${name.padEnd(width)}  ${printable(text)}`,
  );
  if (findings.length > 0) {
    lines.push('', paint.bold('Configured, but without effect in this release:'));
    for (const { where, what, effect } of findings) {
      lines.push(`${paint.yellow('!')} ${printable(where)}: ${paint.bold(printable(what))}; ${effect}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
