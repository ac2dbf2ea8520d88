// `postern doctor`: versions, doors, stages, names, store, functions, and what is configured but without effect
// (decision 0016).
import { unreachable } from '../defect.ts';
import type { ProcessesReport } from '../findings/processes.ts';
import { type StageReport, stageProblems } from '../findings/stage-problems.ts';
import type { Finding } from '../findings/without-effect.ts';
import type { Credentials } from '../identity/sigv4.ts';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';
import type { Sections } from '../settings/sections.ts';
import type { PostgresPlace } from '../store/postgres/place.ts';
import { isTaken, lookAtDoor } from './door-look.ts';
import { LOCAL_NAMES, nameProblem } from './endpoint-names.ts';
import { examineFunctions } from './examine-functions.ts';
import { examineStore } from './examine-store.ts';
import { limitsChecks } from './limits-look.ts';
import { migratesRequests, processChecks } from './process-look.ts';
import { lookAt } from './server-look.ts';
import { type Paint, printable } from './terminal.ts';

/** What doctor has to know of the settings. */
export interface DoctorSettings {
  readonly doors:
    | { readonly kind: 'shared'; readonly address: Address }
    | { readonly kind: 'separate'; readonly management: Address; readonly gateway: Address };
  readonly tls: object | undefined;
  readonly data: string;
  readonly store: PostgresPlace | undefined;
  readonly sections: Sections;
  readonly credentials: readonly (Credentials & { readonly accountId: string })[];
  readonly apiEndpoint: string | undefined;
  readonly region: string;
}

export interface DoctorOptions {
  readonly settings: DoctorSettings;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly version: string;
  readonly json: boolean;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

/** `absent`: no server runs, and nothing says that one could not. `note`: worth knowing, nothing is wrong. */
type State = 'good' | 'note' | 'absent' | 'bad';

export interface Check {
  readonly name: string;
  readonly state: State;
  readonly text: string;
}

const OLDEST_NODE = [20, 19];

/** When nothing is wrong but that no server runs. */
const NO_SERVER_EXIT_CODE = 3;

/** Prints what it finds. Returns the exit code: 1 when something is bad, 3 when all that is missing is the server. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const { settings, environment, version, json, output, paint } = options;
  const store = await examineStore(settings, version);
  const checks = [
    { name: 'Postern', state: 'good' as const, text: version },
    examineNode(process.versions.node),
    ...(await examineDoors(settings)),
    ...(await examineServer(settings)),
    await examineNames(settings),
    ...store.checks,
    ...(await examineFunctions(settings.sections.functions, { region: settings.region, environment })),
  ];
  const has = (state: State): boolean => checks.some((check) => check.state === state);
  const healthy = !has('bad') && !has('absent');
  if (json) {
    output.write(`${JSON.stringify({ healthy, checks, withoutEffect: store.findings }, undefined, 2)}\n`);
  } else {
    output.write(printReport(checks, store.findings, paint));
  }
  return has('bad') ? 1 : has('absent') ? NO_SERVER_EXIT_CODE : 0;
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
      return { name, state: 'absent', text: `${at} is free: no server runs there. "postern" starts one` };
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
    default:
      unreachable(state);
  }
}

/** Says nothing where no server answers. */
async function examineServer({
  doors,
  tls,
  credentials,
  region,
  sections,
}: DoctorSettings): Promise<Check[]> {
  const { host, port } = doors.kind === 'shared' ? doors.address : doors.management;
  const scheme = doors.kind === 'shared' && tls !== undefined ? 'https' : 'http';
  const origin = `${scheme}://${printAddress({ host: reachableHost(host), port })}`;
  if (port === 0) return [];
  const ask = <T>(path: string) => lookAt<T>(origin, path, credentials[0], region);
  const [processes, stages, nodes] = await Promise.all([
    ask<ProcessesReport>('/_postern/processes'),
    ask<{ readonly stages: readonly StageReport[] }>('/_postern/stages'),
    ask<NodesReport>('/_postern/nodes'),
  ]);
  return [
    ...(processes === undefined ? [] : processChecks(processes, await migratesRequests())),
    ...(processes === undefined ? [] : limitsChecks(sections, processes.limits)),
    ...(stages === undefined ? [] : stageChecks(stages.stages)),
    ...(nodes === undefined ? [] : nodeChecks(nodes)),
  ];
}

interface NodesReport {
  readonly nodes: readonly unknown[];
  /** A sentence each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** None of a server whose store is a file. */
function nodeChecks({ nodes, problems, notes }: NodesReport): Check[] {
  const name = 'Nodes';
  const checks: Check[] = problems.map((text) => ({ name, state: 'bad', text }));
  if (checks.length === 0 && nodes.length > 0) {
    const text = nodes.length === 1 ? 'this one' : `${nodes.length}, all linked`;
    checks.push({ name, state: 'good', text });
  }
  return [...checks, ...notes.map((text): Check => ({ name, state: 'note', text }))];
}

function stageChecks(stages: readonly StageReport[]): Check[] {
  const name = 'Stages';
  const problems = stages.flatMap(stageProblems);
  if (problems.length > 0) return problems.map((text) => ({ name, state: 'bad', text }));
  return [
    { name, state: 'good', text: `${stages.length} ${stages.length === 1 ? 'is' : 'are'} as deployed` },
  ];
}

/** Whether clients that ask the system's resolver find APIs by name. */
async function examineNames({ doors, apiEndpoint }: DoctorSettings): Promise<Check> {
  const name = 'Names';
  const listening = doors.kind === 'shared' ? doors.address : doors.gateway;
  const pattern = apiEndpoint === undefined ? LOCAL_NAMES : hostOf(apiEndpoint);
  if (!pattern.includes('{apiId}'))
    return { name, state: 'good', text: `APIs are told apart by path: ${apiEndpoint}` };
  const problem = await nameProblem(pattern, apiEndpoint === undefined ? listening : ANYWHERE);
  if (problem === undefined) return { name, state: 'good', text: `${pattern} resolves` };
  const advice =
    apiEndpoint === undefined
      ? 'so ApiEndpoint has the path form, /_aws/execute-api/{apiId}'
      : 'so clients do not find APIs at their ApiEndpoint';
  return { name, state: 'note', text: `${problem}, ${advice}` };
}

/** As it is written: URL would change its case. */
function hostOf(apiEndpoint: string): string {
  return /^https?:\/\/([^/:]*)/i.exec(apiEndpoint)?.[1] ?? '';
}

const ANYWHERE: Address = Object.freeze({ host: '0.0.0.0', port: 0 });

function printReport(checks: readonly Check[], findings: readonly Finding[], paint: Paint): string {
  const marks: { readonly [S in State]: string } = {
    good: paint.green('✓'),
    note: paint.yellow('!'),
    absent: paint.yellow('–'),
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
