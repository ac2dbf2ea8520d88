// What `postern doctor` finds in functions and names, and what a start makes of names that do not resolve (docs/guide/clients.md).
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { CreateApiCommand, CreateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { runProgram } from '../../support/program.ts';
import { startProgram } from '../../support/program-stand.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';

async function directoryWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-doctor-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text);
    if (text.startsWith('#!')) await chmod(join(directory, name), 0o755);
  }
  return directory;
}

interface Check {
  readonly name: string;
  readonly state: string;
  readonly text: string;
}

async function functionsOf(
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; checks: Readonly<Record<string, Check>> }> {
  const words = ['doctor', '--listen', '127.0.0.1:0', '--json', '--config', 'postern.yaml'];
  const { code, stdout } = await runProgram(words, { cwd, environment });
  const { checks }: { checks: Check[] } = JSON.parse(stdout);
  const own = checks.filter(({ name }) => name.startsWith('Function '));
  return { code, checks: Object.fromEntries(own.map((check) => [check.name.slice(9), check])) };
}

describe('doctor, functions', () => {
  const rows: readonly [name: string, settings: string, file: [string, string] | undefined, says: RegExp][] =
    [
      [
        'good',
        'file: good.mjs',
        ['good.mjs', 'export const handler = () => 1;'],
        /^handler of \S+good\.mjs starts$/,
      ],
      ['gone', 'file: gone.ts', undefined, /does not start: .*Cannot find module '\S+gone\.ts'/],
      [
        'export',
        'file: export.mjs',
        ['export.mjs', 'export const other = () => 1;'],
        /handler is undefined or not exported/,
      ],
      [
        'import',
        'file: import.mjs',
        ['import.mjs', "import 'no-such-module';"],
        /Cannot find package 'no-such-module'/,
      ],
      [
        'syntax',
        'file: syntax.mjs',
        ['syntax.mjs', 'export const = 1;'],
        /Runtime\.UserCodeSyntaxError: Unexpected token/,
      ],
      ['throws', 'file: throws.mjs', ['throws.mjs', "throw new Error('no table');"], /Error: no table$/],
      ['snake', 'file: snake.py', ['snake.py', 'def handler(event, context): return 1'], /snake\.py starts$/],
      [
        'python',
        'file: python.py',
        ['python.py', 'import no_such_module'],
        /No module named 'no_such_module'/,
      ],
      [
        'shell',
        'file: shell, runtime: provided',
        ['shell', '#!/no/such/interpreter\n'],
        /does not start: .*ENOENT/,
      ],
      [
        'ends',
        'file: ends, runtime: provided',
        ['ends', '#!/bin/sh\necho no licence >&2\nexit 3\n'],
        /exit status 3 \(no licence\)$/,
      ],
    ];

  test('each is started as a call would, and the exit code says', async (t) => {
    const files = rows.flatMap(([, , file]) => (file === undefined ? [] : [file]));
    const functions = rows.map(([name, settings]) => `  ${name}: { ${settings} }`).join('\n');
    const cwd = await directoryWith(t, {
      ...Object.fromEntries(files),
      'postern.yaml': `functions:\n${functions}\n`,
    });
    const { code, checks } = await functionsOf(cwd);
    assert.equal(code, 1);
    for (const [name, , , says] of rows) {
      assert.match(checks[name]!.text, says);
      assert.equal(checks[name]!.state, / starts$/.test(checks[name]!.text) ? 'good' : 'bad', name);
    }
  });

  test('good ones alone are healthy', async (t) => {
    const cwd = await directoryWith(t, {
      'a.mjs': 'export const handler = () => 1;',
      'postern.yaml': 'functions: { a: { file: a.mjs } }',
    });
    assert.equal((await functionsOf(cwd)).code, 0);
  });

  test('without Python', async (t) => {
    const cwd = await directoryWith(t, {
      'a.py': 'def handler(event, context): return 1',
      'postern.yaml': 'functions: { a: { file: a.py } }',
    });
    const { code, checks } = await functionsOf(cwd, { PATH: join(cwd, 'nowhere') });
    assert.equal(code, 1);
    assert.match(checks.a!.text, /python3 ENOENT\. Install Python 3, or put python3 on the PATH$/);
  });
});

/** Has the program meet a resolver that gives these addresses, or knows no names but localhost. */
async function resolver(
  t: TestContext,
  addresses: readonly string[] | undefined,
): Promise<Record<string, string>> {
  const found = (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const answer =
    addresses === undefined
      ? "throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })"
      : `return ${JSON.stringify(found)}`;
  const cwd = await directoryWith(t, {
    'resolver.cjs': `const dns = require('node:dns');
dns.promises.lookup = async (name) => { ${answer}; };
require('node:module').syncBuiltinESMExports();`,
  });
  return { NODE_OPTIONS: `--require ${join(cwd, 'resolver.cjs')}` };
}

describe('names of APIs', () => {
  const rows: readonly [what: string, addresses: readonly string[] | undefined, form: 'host' | 'path'][] = [
    ['resolve', ['127.0.0.1'], 'host'],
    ['resolve to both families', ['::1', '127.0.0.1'], 'host'],
    ['do not resolve', undefined, 'path'],
    ['lead elsewhere', ['203.0.113.9'], 'path'],
  ];
  for (const [what, addresses, form] of rows) {
    test(`that ${what}: ApiEndpoint has the ${form} form, and doctor says so`, async (t) => {
      const environment = await resolver(t, addresses);
      const backend = await startRecordingBackend();
      t.after(() => backend.close());
      const stand = await startProgram(t, [], { environment });
      const { ApiEndpoint, ApiId } = await stand.client.send(
        new CreateApiCommand({
          Name: 'pets',
          ProtocolType: 'HTTP',
          Target: `http://127.0.0.1:${backend.port}`,
        }),
      );
      const expected =
        form === 'host'
          ? `http://${ApiId}.execute-api.localhost:${stand.port}`
          : `http://127.0.0.1:${stand.port}/_aws/execute-api/${ApiId}`;
      assert.equal(ApiEndpoint, expected);
      await stand.client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
      if (form === 'path') {
        for (const path of ['/pets/1', '/prod/pets/1']) {
          assert.equal((await fetch(`${ApiEndpoint}${path}`)).status, 200, path);
        }
      }
      const socket = await stand.client.send(
        new CreateApiCommand({
          Name: 'live',
          ProtocolType: 'WEBSOCKET',
          RouteSelectionExpression: '$request.body.action',
        }),
      );
      assert.equal(socket.ApiEndpoint, expected.replace('http', 'ws').replace(ApiId!, socket.ApiId!));
      const words = ['doctor', '--listen', `127.0.0.1:${stand.port}`, '--json'];
      const { code, stdout } = await runProgram(words, { cwd: stand.cwd, environment });
      const names = JSON.parse(stdout).checks.find(({ name }: Check) => name === 'Names');
      assert.equal(code, 0);
      assert.equal(names.state, form === 'host' ? 'good' : 'note', names.text);
    });
  }

  test('on a terminal the banner has the form that works, and says why', async (t) => {
    const environment = await resolver(t, undefined);
    const stand = await startProgram(t, [], {
      terminal: true,
      environment: { ...environment, TERM: 'dumb' },
    });
    await stand.program.line(`Gateway     http://127.0.0.1:${stand.port}/_aws/execute-api/{apiId}/`);
    await stand.program.line("by path, because the system's resolver does not know");
  });

  test('the banner says how many workers serve, where there are several', async (t) => {
    const environment = { ...(await resolver(t, undefined)), TERM: 'dumb' };
    const { program } = await startProgram(t, ['--workers', '2'], { terminal: true, environment });
    await program.line('Workers     2');
    assert.ok(!program.lines.some((line) => line.includes('Node   ')));
  });

  test('what --api-endpoint says stays', async (t) => {
    const environment = await resolver(t, undefined);
    const stand = await startProgram(t, ['--api-endpoint', 'https://{apiId}.api.example.com'], {
      environment,
    });
    const api = await stand.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
    assert.equal(api.ApiEndpoint, `https://${api.ApiId}.api.example.com`);
  });
});
