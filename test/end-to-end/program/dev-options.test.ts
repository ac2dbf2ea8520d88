// `postern dev` with what builds, debugs and serves at a root of its own (spec/definitions.md §12.4 to §12.6).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { runDev } from '../../../src/cli/dev/run-dev.ts';
import { UsageError } from '../../../src/settings/usage-error.ts';
import { freePort } from '../../support/free-port.ts';
import { killPrograms, Program } from '../../support/program.ts';

/** `built/template.json`, of `lib/path.txt`; each run leaves a process behind and writes a file beside its sources. */
const SYNTH = `
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const path = readFileSync('lib/path.txt', 'utf8').trim();
appendFileSync('lib/runs.log', path + '\\n');
if (path === 'wrong') { console.log('cannot make that'); process.exit(3); }
const left = spawn('sleep', ['600'], { stdio: 'ignore' });
left.unref();
writeFileSync('lib/left.pid', String(left.pid));
mkdirSync('built', { recursive: true });
const api = (Path) => ({ Type: 'HttpApi', Properties: { Path, Method: 'get' } });
writeFileSync('built/template.json', JSON.stringify({
  Transform: 'AWS::Serverless-2016-10-31',
  Resources: {
    Hello: { Type: 'AWS::Serverless::Function', Properties: {
      Runtime: 'nodejs22.x', Handler: 'hello.handler', CodeUri: '../src', Timeout: 1,
      Environment: { Variables: { DECLARED: 'template' } }, Events: { Get: api(path) } } },
    ...(path === '/two' && { Api: { Type: 'AWS::Serverless::HttpApi', Properties: { StageName: 'prod' } } }),
  },
}));
`;

const CODE = `export const handler = async (event) => {
  const seen = event.rawPath;
  return [seen, process.env.DECLARED, process.env.ADDED, process.pid].join(' ');
};
`;

describe('postern dev with options', () => {
  let directory: string;
  let program: Program;
  let port: number;
  /** Where the debugger of the function is. */
  let debugged: number;
  const save = (name: string, text: string) => writeFile(join(directory, name), text);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-dev-options-'));
    await Promise.all(['lib', 'src'].map((name) => mkdir(join(directory, name))));
    await save('synth.mjs', SYNTH);
    await save('lib/path.txt', 'wrong');
    await save('src/hello.mjs', CODE);
    const variables = { Parameters: { DECLARED: 'all' }, Hello: { ADDED: 'new' } };
    await save('variables.json', JSON.stringify(variables));
    port = await freePort(1);
    program = new Program(
      [
        ...['dev', 'built/template.json', '--stack-name', 'pets', '--listen', '127.0.0.1:0'],
        ...['--build', 'node synth.mjs', '--watch', 'lib', '--env-vars', 'variables.json'],
        ...['--port', String(port), '--debug', String(port + 1)],
      ],
      { cwd: directory },
    );
  });
  after(async () => {
    killPrograms();
    await rm(directory, { recursive: true });
  });

  const answer = async (path: string, expected: RegExp): Promise<string> => {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      const text = await response.text();
      if (expected.test(text)) return text;
      await sleep(20);
    }
  };

  test('a command that fails is told, and nothing is deployed (§12.4)', async () => {
    assert.equal(await program.line('cannot make that'), 'build │ cannot make that');
    assert.match(
      await program.line('exit code 3'),
      /^error {4}node synth\.mjs: exit code 3; nothing is deployed$/,
    );
    assert.equal((await fetch(`http://127.0.0.1:${port}/one`)).status, 404);
  });

  test('what it is made of is watched, and --port serves the one HTTP API at the root (§12.4, §12.6)', async () => {
    await save('lib/path.txt', '/one');
    await answer('/one', /^\/one /);
    assert.match(
      await program.line(`http://127.0.0.1:${port}/`),
      new RegExp(`^ {2}http://127\\.0\\.0\\.1:${port}/ {2}serves ServerlessHttpApi \\$default$`),
    );
  });

  test('variables of --env-vars go before those of the template, and are added (§12.5)', async () => {
    assert.match(await answer('/one', /one/), /^\/one all new \d+$/);
  });

  test('what the command leaves running ends with it', async () => {
    const pid = Number(await readFile(join(directory, 'lib/left.pid'), 'utf8'));
    while (isRunning(pid)) await sleep(10);
  });

  test('files that the command writes do not call for it again (§12.4)', async () => {
    await sleep(300);
    const runs = (await readFile(join(directory, 'lib/runs.log'), 'utf8')).trim().split('\n');
    // The second run wrote lib/left.pid, which no run had written before.
    assert.deepEqual(runs, ['wrong', '/one', '/one']);
  });

  test('a debugger attaches, a breakpoint is hit, and no time-out ends what it holds (--debug)', async () => {
    const line = await program.line('a debugger can attach');
    const url = /ws:\S+/.exec(line)![0];
    debugged = Number(new URL(url).port);
    // The first that is free from there on: another program may have come to it since.
    assert.ok(debugged > port && debugged < port + 100, String(debugged));
    const debug = await Inspector.attach(url);
    await debug.send('Debugger.enable');
    const script = { lineNumber: 2, urlRegex: '.*/src/hello\\.mjs' };
    const { locations } = await debug.send('Debugger.setBreakpointByUrl', script);
    assert.equal((locations as unknown[]).length, 1);
    const called = fetch(`http://127.0.0.1:${port}/one`);
    const paused = await debug.event('Debugger.paused');
    const [frame] = paused.callFrames as { readonly callFrameId: string }[];
    // Longer than the function's Timeout.
    await sleep(1_200);
    const { result } = await debug.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame!.callFrameId,
      expression: 'seen',
    });
    assert.equal((result as { readonly value: string }).value, '/one');
    await debug.send('Debugger.resume');
    assert.match(await (await called).text(), /^\/one all new/);
    debug.close();
  });

  test('a function that is saved has its debugger at the same port', async () => {
    await save('src/hello.mjs', CODE.replace('event.rawPath', "'saved'"));
    await answer('/one', /^saved/);
    const line = await program.line('a debugger can attach', 2);
    assert.equal(new URL(/ws:\S+/.exec(line)![0]).port, String(debugged));
  });

  test('with several HTTP APIs, --port asks for --api (§12.6)', async () => {
    await save('lib/path.txt', '/two');
    assert.match(
      await program.line('--port serves one HTTP API'),
      /^error {4}--port serves one HTTP API, and there are 2: say --api ID, which is (?:Api or ServerlessHttpApi|ServerlessHttpApi or Api)\.$/,
    );
  });

  test('Ctrl-C ends functions that a debugger holds, and commands that run', async () => {
    await save('lib/path.txt', '/one');
    const pid = Number((await answer('/one', /^saved/)).split(' ').at(-1));
    await save(
      'synth.mjs',
      "import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid)); setTimeout(() => {}, 600_000);",
    );
    await save('lib/path.txt', '/three');
    let command = '';
    while (command === '') {
      await sleep(20);
      command = await readFile(join(directory, 'pid'), 'utf8').catch(() => '');
    }
    const startedAt = performance.now();
    const { code, stderr } = await program.stop('SIGINT');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.ok(performance.now() - startedAt < 5_000);
    assert.equal(isRunning(pid), false);
    // Whoever adopts it may take a moment to hear of its end.
    while (isRunning(Number(command))) await sleep(10);
  });

  const refused: readonly (readonly [words: string, sentence: RegExp])[] = [
    ['--watch lib', /^--watch says something about --build, which is not there\.$/],
    ['--api Api', /^--api says something about --port, which is not there\.$/],
    ['--port 70000', /^--port is "70000": it is a port, a number from 1 to 65535\.$/],
    ['--debug-port 5858', /--debug PORT says the first of them/],
    ['--disable-authorizer', /what is deployed is what runs/],
    ['-', /^postern dev watches what it deploys, and standard input cannot be/],
  ];
  for (const [words, sentence] of refused) {
    test(`refused: ${words}`, () =>
      assert.rejects(
        runDev(words.split(' '), ''),
        (error) => error instanceof UsageError && sentence.test(error.message),
      ));
  }
});

/** A client of Node.js's inspector. */
class Inspector {
  readonly #socket: WebSocket;
  readonly #events: { readonly method?: string; readonly params: Record<string, unknown> }[] = [];
  readonly #waiting = new Map<number, (result: Record<string, unknown>) => void>();
  #id = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const message = JSON.parse(String(bytes));
      if (message.id === undefined) this.#events.push(message);
      else this.#waiting.get(message.id)?.(message.result ?? {});
      this.#wake();
    });
  }

  static async attach(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async event(method: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.#events.find((each) => each.method === method);
      if (found !== undefined) return found.params;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#socket.close();
  }
}

function isRunning(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One that is free now, as is the next, as far as one can know. */
