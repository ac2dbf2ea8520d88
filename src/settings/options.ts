// Every setting, once: its flag, environment variable, place in the configuration file and description. Help, parsing and
// the settings reference are made from this table.
import {
  ACCOUNT,
  ADDRESS,
  API_ENDPOINT,
  DIRECTORY,
  FILE,
  type Form,
  LIVE_REQUESTS,
  LOG_LEVEL,
  REGION,
  STORE,
  SWITCH,
  WORKERS,
} from './forms.ts';
import type { IdentityMembers } from './identity-members.ts';

export interface SettingOption {
  /** Flag without dashes; `POSTERN_` and this in capitals is the variable. */
  readonly flag: string;
  /** Where it stands in the configuration file. */
  readonly key: readonly string[];
  readonly placeholder: string;
  readonly about: string;
  /** What its text may be; absent where a section of the file has it in other forms too. */
  readonly form?: Form;
}

const table = {
  listen: {
    flag: 'listen',
    key: ['listen'],
    placeholder: 'HOST:PORT',
    about: 'where both doors listen (127.0.0.1:4700)',
    form: ADDRESS,
  },
  management: {
    flag: 'management',
    key: ['management'],
    placeholder: 'HOST:PORT',
    about: 'where the management door listens, when not with the gateway',
    form: ADDRESS,
  },
  gateway: {
    flag: 'gateway',
    key: ['gateway'],
    placeholder: 'HOST:PORT',
    about: 'where the gateway door listens, when not with the management',
    form: ADDRESS,
  },
  metrics: {
    flag: 'metrics',
    key: ['metrics'],
    placeholder: 'HOST:PORT',
    about: 'where metrics and health are read without a signature, besides the management door',
    form: ADDRESS,
  },
  tlsCert: {
    flag: 'tls-cert',
    key: ['tls', 'cert'],
    placeholder: 'FILE',
    about: 'certificate chain of the gateway door (PEM)',
    form: FILE,
  },
  tlsKey: {
    flag: 'tls-key',
    key: ['tls', 'key'],
    placeholder: 'FILE',
    about: 'its private key (PEM)',
    form: FILE,
  },
  data: {
    flag: 'data',
    key: ['data'],
    placeholder: 'DIR',
    about: 'where state is kept (./.postern)',
    form: DIRECTORY,
  },
  store: {
    flag: 'store',
    key: ['store'],
    placeholder: 'URL',
    about: 'where documents are: postgres://USER@HOST/DATABASE (SQLite in the data directory)',
    form: STORE,
  },
  clusterListen: {
    flag: 'cluster-listen',
    key: ['cluster', 'listen'],
    placeholder: 'HOST:PORT',
    about: 'where links of other nodes arrive (127.0.0.1:4702)',
    form: ADDRESS,
  },
  clusterAddress: {
    flag: 'cluster-address',
    key: ['cluster', 'address'],
    placeholder: 'HOST:PORT',
    about: 'what other nodes call (where their links arrive)',
    form: ADDRESS,
  },
  accountId: {
    flag: 'account-id',
    key: ['accountId'],
    placeholder: 'ID',
    about: 'account of credentials that name none (000000000000)',
    form: ACCOUNT,
  },
  region: {
    flag: 'region',
    key: ['region'],
    placeholder: 'NAME',
    about: 'region of requests that are not signed (us-east-1)',
    form: REGION,
  },
  apiEndpoint: {
    flag: 'api-endpoint',
    key: ['apiEndpoint'],
    placeholder: 'URL',
    about: 'the ApiEndpoint that clients are told, with {apiId} in it',
    form: API_ENDPOINT,
  },
  lambdaEndpoint: {
    flag: 'lambda-endpoint',
    key: ['lambda', 'endpoint'],
    placeholder: 'URL',
    about: 'where the Invoke API of Lambda is: a URL, or aws',
  },
  aws: {
    flag: 'aws',
    key: ['aws'],
    placeholder: 'SERVICES',
    about: 'services that may be called at AWS itself: all, or names such as sqs,lambda (none)',
  },
  tracesEndpoint: {
    flag: 'traces-endpoint',
    key: ['traces', 'endpoint'],
    placeholder: 'URL',
    about: 'where traces go by OTLP/HTTP: a URL, or otel, as OTEL_ variables say (nowhere)',
  },
  clusterValkey: {
    flag: 'cluster-valkey',
    key: ['cluster', 'valkey'],
    placeholder: 'URL',
    about: 'a Valkey or Redis where programs share rate limits: redis://HOST:PORT (none)',
  },
  logLevel: {
    flag: 'log-level',
    key: ['logLevel'],
    placeholder: 'LEVEL',
    about: 'what is logged: debug, info, warn, error or silent (info)',
    form: LOG_LEVEL,
  },
  logRequests: {
    flag: 'log-requests',
    key: ['logRequests'],
    placeholder: 'on/off',
    about: 'whether each request has a line in the log (on a terminal)',
    form: SWITCH,
  },
  workers: {
    flag: 'workers',
    key: ['workers'],
    placeholder: 'N|auto',
    about: 'processes that serve APIs: 1 to 64, or auto, one for each core but one (1)',
    form: WORKERS,
  },
  liveRequests: {
    flag: 'live-requests',
    key: ['liveRequests'],
    placeholder: 'WHEN',
    about: 'when requests are kept to be seen: off, watched or always (watched)',
    form: LIVE_REQUESTS,
  },
} as const satisfies { readonly [name: string]: SettingOption };

export type SettingName = keyof typeof table;

export const SETTING_OPTIONS: { readonly [N in SettingName]: SettingOption } = table;

export const SETTING_NAMES = Object.keys(table) as readonly SettingName[];

/** `POSTERN_TLS_CERT` */
export function variableOf(name: SettingName): string {
  return `POSTERN_${SETTING_OPTIONS[name].flag.toUpperCase().replaceAll('-', '_')}`;
}

/** The file of settings is named by a setting of its own. */
export const CONFIG_VARIABLE = 'POSTERN_CONFIG';
/** Credentials come from the file or from here, never from flags: those show in process lists. */
export const CREDENTIALS_VARIABLE = 'POSTERN_CREDENTIALS';
/** The same holds for the secret of a cluster. */
export const CLUSTER_SECRET_VARIABLE = 'POSTERN_CLUSTER_SECRET';

/** A value with the place it was written at, for messages. */
export interface Written {
  readonly value: string;
  /** `--listen`, `POSTERN_LISTEN`, `listen in postern.yaml:3:9`. */
  readonly where: string;
}

export interface WrittenCredentials {
  readonly accessKeyId: Written;
  readonly secretAccessKey: Written;
  readonly accountId: Written | undefined;
  readonly identity?: IdentityMembers;
}
