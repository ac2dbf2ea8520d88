// Every example runs as its README says and prints what its README shows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { Program } from '../support/program.ts';

const ECHO_BACKEND = 'examples/echo-backend.mjs';

test('examples/mapping prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/mapping');
  const backend = stand.start(ECHO_BACKEND);
  const { management } = await stand.startServer();
  await stand.expectRun({ POSTERN_URL: management, BACKEND: await hostOf(backend) });
});

test('examples/private-integration prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/private-integration');
  const orders = stand.start('orders.mjs');
  const nameServer = await lastWord(orders, 'name server on');
  const config = await stand.writeConfig((text) => text.replace('127.0.0.1:4853', nameServer));
  const { management } = await stand.startServer(['--config', config]);
  await stand.expectRun({ POSTERN_URL: management });
});

test('examples/jwt-oidc prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/jwt-oidc');
  const issuer = stand.start('issuer.mjs');
  const backend = stand.start(ECHO_BACKEND);
  const issuerUrl = await lastWord(issuer, 'http://127.0.0.1');
  const config = await stand.writeConfig((text) => text.replace('http://127.0.0.1:9000', issuerUrl));
  const { management } = await stand.startServer(['--config', config]);
  await stand.expectRun({ POSTERN_URL: management, BACKEND: await hostOf(backend), ISSUER: issuerUrl });
});

test('examples/lambda-authorizer prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/lambda-authorizer');
  const backend = stand.start(ECHO_BACKEND);
  const { management } = await stand.startServer(['--config', stand.path('postern.yaml')]);
  await stand.expectRun({ POSTERN_URL: management, BACKEND: await hostOf(backend) });
});

test('examples/lambda prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/lambda');
  const { management } = await stand.startServer(['--config', stand.path('postern.yaml')]);
  await stand.expectRun({ POSTERN_URL: management });
});

test('examples/sqs prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/sqs');
  const url = await lastWord(stand.start('queue.mjs'), 'queue on');
  const environment = { AWS_ENDPOINT_URL_SQS: url, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
  const { management } = await stand.startServer([], environment);
  await stand.expectRun({ POSTERN_URL: management });
});

test('examples/custom-domain-mtls prints what its README shows', async (t) => {
  const stand = await Stand.create(t, 'examples/custom-domain-mtls');
  const certificates = join(stand.directory, 'certificates');
  await promisify(execFile)('sh', [stand.path('certificates.sh'), certificates]);
  const config = await stand.writeConfig((text) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0'));
  const backend = stand.start(ECHO_BACKEND);
  const { management, gateway } = await stand.startServer(['--config', config], {}, []);
  await stand.expectRun({
    POSTERN_URL: management,
    GATEWAY_URL: gateway,
    BACKEND: await hostOf(backend),
    CERTIFICATES: certificates,
  });
});

/** The programs of an example, in a directory of their own; they end with the test. */
class Stand {
  readonly directory: string;
  readonly #folder: string;
  readonly #programs: Program[] = [];

  static async create(t: TestContext, folder: string): Promise<Stand> {
    const stand = new Stand(folder, await mkdtemp(join(tmpdir(), 'postern-example-')));
    t.after(() => stand.#close());
    return stand;
  }

  private constructor(folder: string, directory: string) {
    this.#folder = folder;
    this.directory = directory;
  }

  /** A file of the example. */
  path(name: string): string {
    return resolve(this.#folder, name);
  }

  /** Starts a program of the example, or of all (`examples/…`), on any port. */
  start(name: string): Program {
    const entry = name.includes('/') ? resolve(name) : this.path(name);
    return this.#keep(new Program(['0'], { cwd: this.directory, entry }));
  }

  /** Starts Postern and waits until it listens. */
  startServer(
    options: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    listen: readonly string[] = ['--listen', '127.0.0.1:0'],
  ): ReturnType<Program['ready']> {
    const args = ['start', ...listen, ...options];
    return this.#keep(new Program(args, { cwd: this.directory, environment })).ready();
  }

  /** The example's postern.yaml with what a test has to have otherwise. Resolves to its path. */
  async writeConfig(change: (text: string) => string): Promise<string> {
    const path = join(this.directory, 'postern.yaml');
    await writeFile(path, change(await readFile(this.path('postern.yaml'), 'utf8')));
    return path;
  }

  /** Runs the example's run.mjs and compares what it prints with its README. */
  async expectRun(environment: Readonly<Record<string, string>>): Promise<void> {
    const run = new Program([], {
      cwd: resolve('.'),
      entry: this.path('run.mjs'),
      environment: { NODE_NO_WARNINGS: '1', ...environment },
    });
    const { code, stdout, stderr } = await run.outcome;
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const readme = await readFile(this.path('README.md'), 'utf8');
    const shown = /It prints[^`]*```\n([^`]*)```/.exec(readme)?.[1];
    assert.equal(stdout, shown);
  }

  #keep(program: Program): Program {
    this.#programs.push(program);
    return program;
  }

  async #close(): Promise<void> {
    for (const program of this.#programs.reverse()) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(this.directory, { recursive: true });
  }
}

/** The last word of the line that has `text`: programs name their addresses so. */
async function lastWord(program: Program, text: string): Promise<string> {
  return (await program.line(text)).split(' ').at(-1)!;
}

async function hostOf(backend: Program): Promise<string> {
  return new URL(await lastWord(backend, 'http://')).host;
}
