// Flags, POSTERN_* environment variables and the configuration file, in this order of precedence → one read-only
// Settings object. Defaults: decision 0013. Everything wrong with them is a UsageError.
// The only reader of the environment.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Identity } from '../identity/identities.ts';
import type { IdentityFiles } from '../net/tls/identity-files.ts';
import type { LiveRequests } from '../stage/request-summary.ts';
import { PlaceError, type PostgresPlace, parsePlace } from '../store/postgres/place.ts';
import type { LogLevel } from '../telemetry/log.ts';
import { type Address, isLoopback, parseAddress, printAddress } from './address.ts';
import type { ConfigFile } from './config-shape.ts';
import { cpuQuota } from './cpu-quota.ts';
import { ACCOUNT, ADDRESS, API_ENDPOINT, type Form } from './forms.ts';
import { isInjected } from './injected-variables.ts';
import {
  CLUSTER_SECRET_VARIABLE,
  CONFIG_VARIABLE,
  CREDENTIALS_VARIABLE,
  SETTING_NAMES,
  SETTING_OPTIONS,
  type SettingName,
  variableOf,
  type Written,
  type WrittenCredentials,
} from './options.ts';
import { requireCluster, resolveCluster } from './resolve-cluster.ts';
import { resolveTraces } from './resolve-traces.ts';
import { ASKED_ADVICE, parseAsked } from './sections/aws.ts';
import { AT_AWS } from './sections/lambda.ts';
import { NO_SECTIONS, type Sections } from './sections.ts';
import { suggestion, UsageError } from './usage-error.ts';

export interface Settings {
  readonly doors: Doors;
  /** Of the listener for metrics and health alone; undefined for none. */
  readonly metrics: Address | undefined;
  /** Of the gateway door's listener, and with it of both doors' when they share it. */
  readonly tls: IdentityFiles | undefined;
  /** Absolute. */
  readonly data: string;
  /** Where documents are; undefined: in SQLite, in the data directory. */
  readonly store: PostgresPlace | undefined;
  readonly accountId: string;
  readonly region: string;
  /** Empty: any are accepted. */
  readonly credentials: readonly Identity[];
  /** With `{apiId}` in it; undefined for the gateway's own address. */
  readonly apiEndpoint: string | undefined;
  readonly logLevel: LogLevel;
  /** Whether each request has a line in the log; undefined: on a terminal, unless the level hides it. */
  readonly logRequests: boolean | undefined;
  /** Processes that serve APIs; 1: everything is in one process. */
  readonly workers: number;
  /** When requests are kept to be looked at; undefined: as the program is started, and off where others reach the door. */
  readonly liveRequests: LiveRequests | undefined;
  /** What only the configuration file can say. */
  readonly sections: Sections;
  /** `reference` has node:http parse every request, for comparison (decision 0010). Tests set it; no flag does. */
  readonly codec?: 'fast' | 'reference';
}

export type Doors =
  | { readonly kind: 'shared'; readonly address: Address }
  | { readonly kind: 'separate'; readonly management: Address; readonly gateway: Address };

export type Environment = { readonly [name: string]: string | undefined };

/** For whoever else has to look: whether to colour, with whose credentials to sign. */
export function environmentOfProcess(): Environment {
  return process.env;
}

/** What a process that serves for this one gets of it: not what the settings were read from, secrets among it. What is undefined is left
 *  out. */
export function environmentOfChildren(environment: Environment = process.env): Environment {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, isOfSettings(name) ? undefined : value]),
  );
}

/** Of Postern, or of PostgreSQL, whose password may be in PGPASSWORD. */
function isOfSettings(name: string): boolean {
  return name.startsWith('POSTERN_') || name.startsWith('PG');
}

export interface SettingsSources {
  /** By flag name without dashes, `config` among them. */
  readonly flags: ReadonlyMap<string, string>;
  readonly environment: Environment;
  /** The text of a configuration file that is none; `name` is what messages call it. */
  readonly written?: { readonly name: string; readonly text: string };
  /** What relative paths of flags and variables start from; those of the file start from its directory. */
  readonly directory: string;
}

const DEFAULT_ADDRESS: Address = Object.freeze({ host: '127.0.0.1', port: 4700 });

/** Brings the sources together. Throws UsageError. */
export async function resolveSettings(sources: SettingsSources): Promise<Settings> {
  const written = await collect(sources);
  const accountId = checked(written, 'accountId')?.value ?? '000000000000';
  const settings: Settings = {
    doors: resolveDoors(written),
    metrics: resolveMetrics(written),
    tls: await resolveTls(written),
    data: pathOf(checked(written, 'data')) ?? resolve(sources.directory, '.postern'),
    store: resolveStore(written),
    accountId,
    region: checked(written, 'region')?.value ?? 'us-east-1',
    credentials: resolveCredentials(written.credentials, accountId),
    apiEndpoint: parseWith(checked(written, 'apiEndpoint'), parseEndpoint),
    logLevel: (checked(written, 'logLevel')?.value as LogLevel | undefined) ?? 'info',
    logRequests: parseWith(checked(written, 'logRequests'), (word) => word === 'on' || word === 'true'),
    sections: withWritten(written, sources.environment),
    workers:
      parseWith(checked(written, 'workers'), (word) => (word === 'auto' ? autoWorkers() : Number(word))) ?? 1,
    liveRequests: parseWith(checked(written, 'liveRequests'), (word) =>
      word === 'false' ? 'off' : (word as LiveRequests),
    ),
  };
  requireCredentials(settings);
  requireOwnPort(settings);
  requireCluster(settings.store, settings.sections.cluster);
  return Object.freeze(settings);
}

/** What was written, with the directory that relative paths start from. */
interface Placed extends Written {
  readonly from: string;
}

class WrittenSettings extends Map<SettingName, Placed> {
  credentials: readonly WrittenCredentials[] = [];
  sections: Sections = NO_SECTIONS;
}

/** Absolute path of the configuration file; undefined without one. */
export function configFileOf(sources: SettingsSources): string | undefined {
  const config = configNamedBy(sources);
  return config === undefined ? undefined : resolve(sources.directory, config.value);
}

function configNamedBy({ flags, environment }: SettingsSources): Written | undefined {
  return wordOf(flags.get('config'), '--config') ?? wordOf(environment[CONFIG_VARIABLE], CONFIG_VARIABLE);
}

async function collect(sources: SettingsSources): Promise<WrittenSettings> {
  const { flags, environment, directory } = sources;
  checkVariables(environment);
  const written = new WrittenSettings();
  const config = configNamedBy(sources);
  if (config !== undefined) {
    const path = resolve(directory, config.value);
    take(written, await readFileOfSettings(config.value, path, config.where), dirname(path));
  }
  if (sources.written !== undefined) {
    const { name, text } = sources.written;
    const { parseConfig } = await import('./config-file.ts');
    take(written, parseConfig(text, name, directory), directory);
  }
  for (const name of SETTING_NAMES) {
    const variable = variableOf(name);
    const { flag } = SETTING_OPTIONS[name];
    const word = wordOf(flags.get(flag), `--${flag}`) ?? wordOf(environment[variable], variable);
    if (word !== undefined) written.set(name, { ...word, from: directory });
  }
  const list = wordOf(environment[CREDENTIALS_VARIABLE], CREDENTIALS_VARIABLE);
  if (list !== undefined) written.credentials = parseCredentialList(list);
  return written;
}

function take(written: WrittenSettings, file: ConfigFile, from: string): void {
  for (const [name, value] of file.settings) written.set(name, { ...value, from });
  written.credentials = file.credentials;
  written.sections = file.sections;
}

async function readFileOfSettings(name: string, path: string, where: string): Promise<ConfigFile> {
  // Loaded only here: the YAML reader is a tenth of a second of start-up.
  const { readConfigFile } = await import('./config-file.ts');
  return readConfigFile(path, where, name);
}

/** A variable set to nothing counts as not set. */
function wordOf(value: string | undefined, where: string): Written | undefined {
  return value === undefined || (value === '' && !where.startsWith('--')) ? undefined : { value, where };
}

function checkVariables(environment: Environment): void {
  const known = [
    ...SETTING_NAMES.map(variableOf),
    CONFIG_VARIABLE,
    CREDENTIALS_VARIABLE,
    CLUSTER_SECRET_VARIABLE,
  ];
  for (const [name, value = ''] of Object.entries(environment)) {
    if (!name.startsWith('POSTERN_') || known.includes(name) || isInjected(name, value)) continue;
    throw new UsageError(
      `The environment variable ${name} is not a setting of Postern.${suggestion(name, known)} Unset it, or use one of ${known.join(', ')}.`,
    );
  }
}

/** What was written for a setting, when it is of the setting's form. Throws UsageError. */
function checked(written: WrittenSettings, name: SettingName): Placed | undefined {
  const given = written.get(name);
  const { form } = SETTING_OPTIONS[name];
  if (given !== undefined && form !== undefined) requireForm(given, form);
  return given;
}

function requireForm(written: Written, { pattern, advice }: Form): void {
  if (!pattern.test(written.value)) throw wrong(written, advice);
}

/** Its URL may hold a password, so no message repeats it. */
function resolveStore(written: WrittenSettings): PostgresPlace | undefined {
  const given = written.get('store');
  if (given === undefined) return undefined;
  try {
    const place = parsePlace(given.value);
    const { rootCertificate: file } = place;
    return { ...place, rootCertificate: file === undefined ? undefined : resolve(given.from, file) };
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    throw new UsageError(`${given.where} is no place for a store: ${error.message}.`);
  }
}

function wrong({ where, value }: Written, advice: string): UsageError {
  return new UsageError(`${where} is ${JSON.stringify(value)}: ${advice}.`);
}

/** Reads one value; `parse` returns its meaning, or throws UsageError with what would be right. */
function parseWith<T>(written: Written | undefined, parse: (text: string) => T | Wrong): T | undefined {
  if (written === undefined) return undefined;
  const value = parse(written.value);
  if (value instanceof Wrong) throw wrong(written, value.advice);
  return value;
}

/** Says what would be right. */
class Wrong {
  readonly advice: string;

  constructor(advice: string) {
    this.advice = advice;
  }
}

function resolveDoors(written: WrittenSettings): Doors {
  const listen = parseWith(checked(written, 'listen'), parseListen) ?? DEFAULT_ADDRESS;
  const management = parseWith(checked(written, 'management'), parseListen);
  const gateway = parseWith(checked(written, 'gateway'), parseListen);
  if (management === undefined && gateway === undefined) return { kind: 'shared', address: listen };
  const doors = { management: management ?? listen, gateway: gateway ?? listen };
  const same = doors.management.port !== 0 && printAddress(doors.management) === printAddress(doors.gateway);
  return same ? { kind: 'shared', address: doors.gateway } : { kind: 'separate', ...doors };
}

function resolveMetrics(written: WrittenSettings): Address | undefined {
  const given = checked(written, 'metrics');
  const address = parseWith(given, parseListen);
  if (address === undefined || address.port === 0) return address;
  const doors = resolveDoors(written);
  const others = doors.kind === 'shared' ? [doors.address] : [doors.management, doors.gateway];
  if (others.some((other) => printAddress(other) === printAddress(address))) {
    throw new UsageError(
      `${given!.where} is ${printAddress(address)}, where a door listens: it needs a port of its own.`,
    );
  }
  return address;
}

/** One core is left to the management door, functions and backends. */
function autoWorkers(): number {
  const processors = Math.min(availableParallelism(), Math.ceil(cpuQuota() ?? Number.POSITIVE_INFINITY));
  return Math.min(64, Math.max(1, processors - 1));
}

function parseListen(text: string): Address | Wrong {
  return parseAddress(text) ?? new Wrong(ADDRESS.advice);
}

async function resolveTls(written: WrittenSettings): Promise<Settings['tls']> {
  const [cert, key] = [checked(written, 'tlsCert'), checked(written, 'tlsKey')];
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? ['key', '--tls-cert'] : ['certificate', '--tls-key'];
    throw new UsageError(
      `TLS has a ${given} but no ${missing}: it needs both --tls-cert FILE and --tls-key FILE.`,
    );
  }
  const pems = { cert: await readPem(cert), key: await readPem(key) };
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  try {
    createSecureContext(pems);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${cert.where} and ${key.where} are not a certificate and its private key in PEM form (${why}).`,
    );
  }
  return { cert: resolve(cert.from, cert.value), key: resolve(key.from, key.value) };
}

async function readPem(file: Placed): Promise<string> {
  try {
    return await readFile(resolve(file.from, file.value), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new UsageError(`${file.where} names the file ${file.value}, which ${why}.`);
  }
}

function pathOf(written: Placed | undefined): string | undefined {
  return written === undefined ? undefined : resolve(written.from, written.value);
}

function parseEndpoint(text: string): string | Wrong {
  const sample = text.replaceAll('{apiId}', 'a1b2c3d4e5');
  const isHttp = URL.canParse(sample) && ['http:', 'https:'].includes(new URL(sample).protocol);
  return isHttp ? text.replace(/\/$/, '') : new Wrong(API_ENDPOINT.advice);
}

/** `ID:SECRET` or `ID:SECRET:ACCOUNT`, several separated by commas. */
function parseCredentialList({ value, where }: Written): WrittenCredentials[] {
  return value.split(',').map((entry) => {
    const [accessKeyId, secretAccessKey, accountId, ...rest] = entry.trim().split(':');
    if (!accessKeyId || !secretAccessKey || rest.length > 0) {
      throw new UsageError(`${where} is a list of ID:SECRET or ID:SECRET:ACCOUNT, separated by commas.`);
    }
    const word = (text: string): Written => ({ value: text, where });
    return {
      accessKeyId: word(accessKeyId),
      secretAccessKey: word(secretAccessKey),
      accountId: accountId === undefined ? undefined : word(accountId),
    };
  });
}

function resolveCredentials(
  written: readonly WrittenCredentials[],
  accountId: string,
): Settings['credentials'] {
  const seen = new Set<string>();
  return written.map((entry) => {
    const { value: accessKeyId, where } = entry.accessKeyId;
    if (seen.has(accessKeyId))
      throw new UsageError(`${where}: the access key id ${accessKeyId} is there twice.`);
    seen.add(accessKeyId);
    if (entry.accountId !== undefined) requireForm(entry.accountId, ACCOUNT);
    return Object.freeze({
      accessKeyId,
      secretAccessKey: entry.secretAccessKey.value,
      accountId: entry.accountId?.value ?? accountId,
      ...entry.identity,
    });
  });
}

/** A flag or variable wins over the section. */
function withWritten(written: WrittenSettings, environment: Environment): Sections {
  const { sections } = written;
  const given = parseWith(written.get('lambdaEndpoint'), (text) => (text === AT_AWS ? text : parseUrl(text)));
  const endpoint = given === AT_AWS ? undefined : given;
  const lambda =
    given === undefined
      ? sections.lambda
      : { ...sections.lambda, endpoint, ...(given === AT_AWS ? { atAws: true } : {}) };
  const aws = parseWith(
    written.get('aws'),
    (text) => parseAsked([text]) ?? new Wrong(`it is ${ASKED_ADVICE}`),
  );
  const cluster = resolveCluster(sections.cluster, {
    secret: wordOf(environment[CLUSTER_SECRET_VARIABLE], CLUSTER_SECRET_VARIABLE),
    listen: parseWith(checked(written, 'clusterListen'), parseListen),
    address: parseWith(checked(written, 'clusterAddress'), parseListen),
    valkey: written.get('clusterValkey'),
  });
  const traces = resolveTraces(sections.traces, written.get('tracesEndpoint'), environment);
  return { ...sections, lambda, aws: aws ?? sections.aws, cluster, traces };
}

function parseUrl(text: string): string | Wrong {
  const isHttp = URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
  return isHttp ? text.replace(/\/$/, '') : new Wrong('it is an http or https URL');
}

/** Certificates of domains make a listener speak TLS, and on a shared one that would be the management door too. */
function requireOwnPort({ doors, tls, sections }: Settings): void {
  if (doors.kind === 'separate' || tls !== undefined || sections.certificates.size === 0) return;
  throw new UsageError(
    'certificates are for a gateway door that speaks TLS, and both doors share a port without TLS. ' +
      'Give the gateway a port of its own, for example --management 127.0.0.1:4700 --gateway 127.0.0.1:4743, or a certificate for both doors with --tls-cert FILE --tls-key FILE.',
  );
}

/** Throws UsageError for a management door that others reach and that nobody has to sign for. */
export function requireCredentials({ doors, credentials }: Pick<Settings, 'doors' | 'credentials'>): void {
  const address = doors.kind === 'shared' ? doors.address : doors.management;
  if (credentials.length > 0 || isLoopback(address.host)) return;
  throw new UsageError(
    `The management door would listen on ${printAddress(address)}, where other machines can reach it, and no credentials are configured. ` +
      `Add credentials to the configuration file or set ${CREDENTIALS_VARIABLE}=ID:SECRET, or keep the door on this machine with --management 127.0.0.1:4701.`,
  );
}
