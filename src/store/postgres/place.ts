// Where a store in PostgreSQL is: its URL, read. Nothing that is said of a place, or of what is wrong with one, holds a password.

export interface PostgresPlace {
  /** Tried in turn; the one that takes writes is used. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  /** Absent: what libpq's variable PGPASSWORD says. */
  readonly password: string | undefined;
  readonly database: string;
  /** The schema of its tables. */
  readonly schema: string;
  /** A pooler that gives each transaction another connection stands before it: nothing lasts longer than a transaction. */
  readonly pooled: boolean;
  /** Whether notifications arrive. */
  readonly listen: boolean;
  readonly tls: TlsMode;
  /** File with the certificates of authorities (PEM); those of Node.js when absent. */
  readonly rootCertificate: string | undefined;
}

/** As libpq's `sslmode`. `prefer`: encrypted where the server can, and whoever it is. */
export type TlsMode = (typeof TLS_MODES)[number];
const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** What is wrong with a URL, as the end of a sentence. */
export class PlaceError extends Error {}

export const PLACE_EXAMPLE = 'postgres://USER:PASSWORD@HOST:5432/DATABASE';

const FORM =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/;
const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const OPTIONS = ['schema', 'pooled', 'listen', 'sslmode', 'sslrootcert'] as const;
const PORT = 5432;

/** Reads `postgres://USER:PASSWORD@HOST1:PORT,HOST2/DATABASE?schema=NAME&…`. Throws PlaceError. */
export function parsePlace(text: string): PostgresPlace {
  const [, user, password, hosts, database, query] = FORM.exec(text) ?? [];
  if (hosts === undefined) throw new PlaceError(`it is a URL like ${PLACE_EXAMPLE}`);
  if (!user) throw new PlaceError(`it names no user: ${PLACE_EXAMPLE}`);
  if (!database) throw new PlaceError(`it names no database: ${PLACE_EXAMPLE}`);
  const options = optionsIn(query ?? '');
  const pooled = switchOf(options, 'pooled', false);
  const tls = options.get('sslmode') ?? 'prefer';
  if (!isTlsMode(tls)) throw new PlaceError(`its sslmode is one of ${TLS_MODES.join(', ')}`);
  const schema = options.get('schema') ?? 'postern';
  if (!NAME.test(schema) || schema.startsWith('pg_')) {
    throw new PlaceError('its schema is a name of small letters, digits and _ that does not begin with pg_');
  }
  return {
    hosts: hosts.split(',').map(hostIn),
    user: decoded(user, 'user'),
    password: password === undefined ? undefined : decoded(password, 'password'),
    database: decoded(database, 'database'),
    schema,
    pooled,
    listen: switchOf(options, 'listen', !pooled),
    tls,
    rootCertificate: options.get('sslrootcert'),
  };
}

/** As messages and logs call it: without password and options. */
export function printPlace({ hosts, user, database }: PostgresPlace): string {
  const at = hosts.map(({ host, port }) => printHost(host) + (port === PORT ? '' : `:${port}`)).join(',');
  return `postgres://${encodeURIComponent(user)}@${at}/${encodeURIComponent(database)}`;
}

function printHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function hostIn(text: string): PostgresPlace['hosts'][number] {
  const [, v6, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = v6 ?? name;
  const port = digits === undefined ? PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new PlaceError(`its hosts are HOST:PORT, separated by commas: ${PLACE_EXAMPLE}`);
  }
  return { host: decoded(host, 'host'), port };
}

function optionsIn(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!(OPTIONS as readonly string[]).includes(name)) {
      throw new PlaceError(
        `its options are ${OPTIONS.join(', ')}, and ${JSON.stringify(name)} is none of them`,
      );
    }
    if (options.has(name)) throw new PlaceError(`its option ${name} is there twice`);
    options.set(name, value);
  }
  return options;
}

function switchOf(
  options: ReadonlyMap<string, string>,
  name: (typeof OPTIONS)[number],
  usual: boolean,
): boolean {
  const value = options.get(name);
  if (value === undefined) return usual;
  if (value !== 'true' && value !== 'false') throw new PlaceError(`its option ${name} is true or false`);
  return value === 'true';
}

function isTlsMode(text: string): text is TlsMode {
  return (TLS_MODES as readonly string[]).includes(text);
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new PlaceError(`its ${what} has a % that begins no escape`);
  }
}
