// What the examples stand on: `run.mjs` of each starts what it needs on free ports, prints what its README shows, ends everything it
// has started, and ends with 1 when it printed anything else.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';

/** Builds Postern when that is needed, then starts it. */
const POSTERN = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));
/** What that has built. */
const PROGRAM = fileURLToPath(new URL('../dist/program/cli/bin.js', import.meta.url));

/**
 * Runs an example. `url`: import.meta.url of its run.mjs. `run` gets the stand; what it throws is told, and ends the example with 1.
 */
export async function example(url, run) {
  const stand = new Stand(url, await mkdtemp(join(tmpdir(), 'postern-example-')));
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => stand.close().then(() => process.exit(1)));
  try {
    await run(stand);
    await stand.compare();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await stand.close();
  }
}

class Stand {
  /** For what the example writes; goes with it. */
  directory;
  /** Of the management API and, when nothing else was said, of the gateway. */
  endpoint;
  /** Of the gateway. */
  gateway;
  /** An AWS SDK client of the management API. */
  client;
  #url;
  #children = [];
  #said = '';

  constructor(url, directory) {
    this.#url = url;
    this.directory = directory;
  }

  /** Calls an address that a report has: `{ status, headers, body }`. */
  get(url, headers = {}) {
    const { host, pathname, search } = new URL(url);
    return this.#send({ path: pathname + search, headers: { ...headers, Host: host } });
  }

  /** Says a text to the WebSocket API of an address that a report has; resolves to what it answers. */
  async message(url, text) {
    const { pathname, host } = new URL(url);
    const socket = new WebSocket(`${this.gateway.replace('http', 'ws')}${pathname}`, { headers: { host } });
    await once(socket, 'open');
    socket.send(text);
    const [answer] = await once(socket, 'message');
    socket.close();
    return String(answer);
  }

  /** A file of the example. */
  path(name) {
    return fileURLToPath(new URL(name, this.#url));
  }

  /** Prints a line that the README shows. */
  say(line) {
    console.log(line);
    this.#said += `${line}\n`;
  }

  /** Starts a program of the example, or `../NAME`, on a free port; resolves to the address that it names. */
  async start(name) {
    const { lines } = this.#spawn([this.path(name), '0']);
    for await (const line of lines) return line.split(' ').at(-1);
    throw new Error(`${name} ended before it listened`);
  }

  /** Starts Postern. `change` makes the text of postern.yaml one of this run; without `config` there is none. */
  async startPostern({ config, change, environment = {}, listen = ['--listen', '127.0.0.1:0'] } = {}) {
    const words = [POSTERN, ...listen, '--data', join(this.directory, 'data')];
    if (config !== undefined) words.push('--config', await this.#configOf(config, change));
    const { lines, child } = this.#spawn(words, environment);
    const before = [];
    for await (const line of lines) {
      before.push(line);
      if (!line.includes('"msg":"ready"')) continue;
      lines.on('line', () => {});
      const { management, gateway } = JSON.parse(line);
      this.endpoint = management;
      this.gateway = gateway;
      this.client = new ApiGatewayV2Client(this.settings());
      return;
    }
    throw new Error(`Postern ended with ${child.exitCode} before it was ready:\n${before.join('\n')}`);
  }

  /** Runs `postern deploy WORDS` in the example's folder, and says what it changes; resolves to its report. */
  deploy(...words) {
    return this.deployAs(words.join(' '), ...words);
  }

  /** The same of words that are other ones in each run, told as `shown`. */
  async deployAs(shown, ...words) {
    this.say(`postern deploy ${shown}`.trimEnd());
    const options = ['--endpoint', this.endpoint, '--json'];
    const { lines } = this.#spawn([PROGRAM, 'deploy', ...words, ...options], {}, this.path('.'));
    let text = '';
    for await (const line of lines) text += line;
    const report = JSON.parse(text);
    if (report.outcome === 'refused') throw new Error(report.findings.map(({ text }) => text).join('\n'));
    const marks = { create: '+', update: '~', replace: '-/+', delete: '-', retain: '=' };
    for (const { action, logicalId, type } of report.changes) {
      this.say(`  ${marks[action]} ${logicalId} ${type}`);
    }
    if (report.changes.length === 0) this.say('  nothing to change');
    return report;
  }

  /** Of an AWS SDK client. */
  settings() {
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    return { endpoint: this.endpoint, region: 'us-east-1', credentials };
  }

  /** Calls an API at the gateway: `{ status, headers, body }`. */
  call(apiId, path, { method = 'GET', headers = {}, body } = {}) {
    const Host = `${apiId}.execute-api.localhost`;
    return this.#send({ method, path, headers: { ...headers, Host } }, body);
  }

  /** At the gateway, whatever the names of addresses resolve to here. */
  #send(options, body) {
    const { hostname, port } = new URL(this.gateway);
    return new Promise((resolve, reject) => {
      request({ hostname, port, ...options }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: text }),
        );
      })
        .on('error', reject)
        .end(body);
    });
  }

  /** Tells every line that is not the one the README shows, and makes the example end with 1. */
  async compare() {
    const readme = await readFile(this.path('README.md'), 'utf8');
    const shown = /It prints[^`]*```(?:text)?\n([^`]*)```/.exec(readme)[1].split('\n');
    const said = this.#said.split('\n');
    for (let i = 0; i < Math.max(shown.length, said.length); i++) {
      if (shown[i] === said[i]) continue;
      console.error(`line ${i + 1} is ${JSON.stringify(said[i])}, expected ${JSON.stringify(shown[i])}`);
      process.exitCode = 1;
    }
  }

  /** Ends all programs, the last first. */
  async close() {
    this.client?.destroy();
    for (const child of this.#children.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true });
  }

  async #configOf(name, change) {
    if (change === undefined) return this.path(name);
    const path = join(this.directory, name);
    await writeFile(path, change(await readFile(this.path(name), 'utf8')));
    return path;
  }

  #spawn(words, environment = {}, cwd = process.cwd()) {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, words, { env, cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    return { child, lines: createInterface({ input: child.stdout }) };
  }
}
