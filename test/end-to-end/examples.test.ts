// Every example runs as its README says and prints what its README shows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Program } from '../support/program.ts';

test('examples/mapping prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const server = new Program(['start', '--listen', '127.0.0.1:0'], { cwd: directory });
  const backend = new Program(['0'], { cwd: directory, entry: resolve('examples/echo-backend.mjs') });
  t.after(async () => {
    for (const program of [server, backend]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  const line = await backend.line('http://');
  const backendHost = new URL(line.split(' ').at(-1)!).host;
  await expectRun('examples/mapping', { POSTERN_URL: management, BACKEND: backendHost });
});

test('examples/private-integration prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const folder = 'examples/private-integration';
  const orders = new Program(['0'], { cwd: directory, entry: resolve(folder, 'orders.mjs') });
  const nameServer = (await orders.line('name server on')).split(' ').at(-1)!;
  const config = join(directory, 'postern.yaml');
  const written = await readFile(`${folder}/postern.yaml`, 'utf8');
  await writeFile(config, written.replace('127.0.0.1:4853', nameServer));
  const server = new Program(['start', '--listen', '127.0.0.1:0', '--config', config], { cwd: directory });
  t.after(async () => {
    for (const program of [server, orders]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  await expectRun(folder, { POSTERN_URL: management });
});

test('examples/jwt-oidc prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const folder = 'examples/jwt-oidc';
  const issuer = new Program(['0'], { cwd: directory, entry: resolve(folder, 'issuer.mjs') });
  const backend = new Program(['0'], { cwd: directory, entry: resolve('examples/echo-backend.mjs') });
  const issuerUrl = (await issuer.line('http://127.0.0.1')).split(' ').at(-1)!;
  const config = join(directory, 'postern.yaml');
  const written = await readFile(`${folder}/postern.yaml`, 'utf8');
  await writeFile(config, written.replace('http://127.0.0.1:9000', issuerUrl));
  const server = new Program(['start', '--listen', '127.0.0.1:0', '--config', config], { cwd: directory });
  t.after(async () => {
    for (const program of [server, issuer, backend]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  const line = await backend.line('http://');
  const backendHost = new URL(line.split(' ').at(-1)!).host;
  await expectRun(folder, { POSTERN_URL: management, BACKEND: backendHost, ISSUER: issuerUrl });
});

test('examples/lambda-authorizer prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const folder = 'examples/lambda-authorizer';
  const backend = new Program(['0'], { cwd: directory, entry: resolve('examples/echo-backend.mjs') });
  const config = resolve(folder, 'postern.yaml');
  const server = new Program(['start', '--listen', '127.0.0.1:0', '--config', config], { cwd: directory });
  t.after(async () => {
    for (const program of [server, backend]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  const line = await backend.line('http://');
  const backendHost = new URL(line.split(' ').at(-1)!).host;
  await expectRun(folder, { POSTERN_URL: management, BACKEND: backendHost });
});

test('examples/lambda prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const folder = 'examples/lambda';
  const config = resolve(folder, 'postern.yaml');
  const server = new Program(['start', '--listen', '127.0.0.1:0', '--config', config], { cwd: directory });
  t.after(async () => {
    server.child.kill('SIGTERM');
    await server.outcome;
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  await expectRun(folder, { POSTERN_URL: management });
});

test('examples/sqs prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const queue = new Program(['0'], { cwd: directory, entry: resolve('examples/sqs/queue.mjs') });
  const url = (await queue.line('queue on')).split(' ').at(-1)!;
  const server = new Program(['start', '--listen', '127.0.0.1:0'], {
    cwd: directory,
    environment: { AWS_ENDPOINT_URL_SQS: url, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' },
  });
  t.after(async () => {
    for (const program of [server, queue]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management } = await server.ready();
  await expectRun('examples/sqs', { POSTERN_URL: management });
});

test('examples/custom-domain-mtls prints what its README shows', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-example-'));
  const folder = 'examples/custom-domain-mtls';
  const certificates = join(directory, 'certificates');
  await promisify(execFile)('sh', [`${folder}/certificates.sh`, certificates]);
  const config = join(directory, 'postern.yaml');
  const written = await readFile(`${folder}/postern.yaml`, 'utf8');
  await writeFile(config, written.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0'));
  const backend = new Program(['0'], { cwd: directory, entry: resolve('examples/echo-backend.mjs') });
  const server = new Program(['start', '--config', config], { cwd: directory });
  t.after(async () => {
    for (const program of [server, backend]) {
      program.child.kill('SIGTERM');
      await program.outcome;
    }
    await rm(directory, { recursive: true });
  });
  const { management, gateway } = await server.ready();
  const line = await backend.line('http://');
  await expectRun(folder, {
    POSTERN_URL: management,
    GATEWAY_URL: gateway,
    BACKEND: new URL(line.split(' ').at(-1)!).host,
    CERTIFICATES: certificates,
  });
});

/** Runs an example's run.mjs and compares what it prints with its README. */
async function expectRun(folder: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const run = new Program([], {
    cwd: resolve('.'),
    entry: resolve(folder, 'run.mjs'),
    environment: { NODE_NO_WARNINGS: '1', ...environment },
  });
  const { code, stdout, stderr } = await run.outcome;
  assert.equal(stderr, '');
  assert.equal(code, 0);
  const readme = await readFile(`${folder}/README.md`, 'utf8');
  const shown = /It prints[^`]*```\n([^`]*)```/.exec(readme)?.[1];
  assert.equal(stdout, shown);
}
