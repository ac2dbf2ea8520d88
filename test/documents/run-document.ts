// Runs a document from its first line, as a reader does who types what it shows: blocks of `sh` in one shell, `sh background` in a
// terminal of its own, blocks with a file's name behind their language are that file, and a block of `text` behind commands is what they
// print. Ports are free ones instead of those of the text.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awsCommand } from './aws-command.ts';
import { type Block, blocksOf } from './blocks.ts';
import { Shell } from './shell.ts';

/** What a clone of the repository has that commands name. */
const CLONE = ['examples', 'scripts', 'src', 'dist', 'node_modules', 'package.json', 'tsconfig.json', 'docs'];

export async function runDocument(path: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-document-'));
  const ports = new Ports();
  const aws = await startAws();
  const blocks = blocksOf(await readFile(path, 'utf8'));
  for (const name of CLONE) await symlink(resolve(name), join(directory, name));
  await writeCommands(join(directory, 'bin'), aws);
  // No progress of downloads in what is compared.
  await writeFile(join(directory, '.curlrc'), 'silent\nshow-error\n');
  const settings = blocks.filter(({ info }) => info === 'postern.yaml').map(({ text }) => text);
  const shell = new Shell(directory, {
    PATH: [join(directory, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: directory,
    NODE_NO_WARNINGS: '1',
    // The defaults of the program and of the backend of the examples, where the document does not say other ones.
    PORT: await ports.instead('4800'),
    ...(/^(gateway|listen):/m.test(settings.join(''))
      ? {}
      : { POSTERN_LISTEN: `127.0.0.1:${await ports.instead('4700')}` }),
  });
  try {
    let printed = '';
    for (const block of blocks) {
      const text = await ports.replacedIn(block.text);
      try {
        if (block.language === 'sh' && block.info === 'background') await shell.start(text);
        else if (block.language === 'sh' && block.info === '') printed = await shell.run(text);
        else if (block.language === 'text') expectPrinted(printed, block.text);
        else if (/^[\w./-]+\.\w+$/.test(block.info)) await write(join(directory, block.info), text);
      } catch (error) {
        throw new Error(`${path}:${block.line}: ${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    await shell.close();
    aws.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Blocks that a reader would type and that nothing runs. */
export const notRun = (document: string): readonly Block[] =>
  blocksOf(document).filter(
    ({ language, info, text }) =>
      (language === '' && /^(\$ |[A-Z_]+=|aws |curl |npm |npx |node |postern )/m.test(text)) ||
      (language === 'sh' && !['', 'background', 'elsewhere'].includes(info)),
  );

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Every line of the block, in order; ids are any, and a line of `…` is any lines. */
function expectPrinted(printed: string, block: string): void {
  const masked = (line: string): string =>
    line
      .replaceAll(/[\w-]{15}=/g, 'ID')
      .replaceAll(/:\d{4,5}\b/g, ':PORT')
      .replaceAll(/\b(?=[a-z]*\d)[a-z\d]{10}\b/g, 'API')
      .trim();
  const lines = printed.split('\n').map(masked);
  let at = 0;
  for (const line of block.trimEnd().split('\n').map(masked)) {
    if (line === '…' || line === '') continue;
    const found = lines.indexOf(line, at);
    assert.notEqual(found, -1, `there is no line ${line} in\n${printed}`);
    at = found + 1;
  }
}

class Ports {
  readonly #free = new Map<string, string>();

  /** The port that stands for one of the text. */
  async instead(port: string): Promise<string> {
    let free = this.#free.get(port);
    if (free === undefined) {
      const server = createSocketServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      free = String((server.address() as AddressInfo).port);
      await new Promise((resolve) => server.close(resolve));
      this.#free.set(port, free);
    }
    return free;
  }

  async replacedIn(text: string): Promise<string> {
    const named = /\b(127\.0\.0\.1|0\.0\.0\.0|localhost):(\d{4,5})\b/g;
    for (const [, , port] of text.matchAll(named)) await this.instead(port!);
    return text.replaceAll(
      named,
      (_, host, port) => `${host === '0.0.0.0' ? '127.0.0.1' : host}:${this.#free.get(port)}`,
    );
  }
}

/** Words, directory and variables in, output or error out: starting a process of Node.js for each command would take long. */
async function startAws(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [cwd = '', variables = '', ...words] = Buffer.concat(chunks)
      .toString('utf8')
      .split('\0')
      .slice(0, -1);
    const environment = Object.fromEntries(
      variables
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    try {
      response.end(await awsCommand({ words, cwd, environment }));
    } catch (error) {
      response.writeHead(400).end(`${(error as Error).name}: ${(error as Error).message}\n`);
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function writeCommands(bin: string, aws: Server): Promise<void> {
  const { port } = aws.address() as AddressInfo;
  const node = JSON.stringify(process.execPath);
  const postern = `${node} ${JSON.stringify(built('../../program/cli/bin.js'))}`;
  const wscat = `${node} ${JSON.stringify(built('wscat-command.js'))}`;
  const vitest = `${node} ${JSON.stringify(resolve('node_modules/vitest/vitest.mjs'))}`;
  const commands: Record<string, string> = {
    postern: `exec ${postern} "$@"`,
    npx: `name=$1; shift\ncase $name in postern) exec ${postern} "$@";; wscat) exec ${wscat} "$@";; vitest) exec ${vitest} "$@";; *) echo "npx $name is not known here" >&2; exit 1;; esac`,
    // Everything is installed and built already.
    npm: `case "$1 \${2-}" in "ci "|"run build") ;; start*) shift; [ "\${1-}" != -- ] || shift; exec ${node} scripts/start.mjs "$@";; *) echo "npm $* is not run here" >&2; exit 1;; esac`,
  };
  // The CLI itself, where a developer wants to know whether it does the same.
  if (process.env.POSTERN_TEST_AWS_CLI === undefined) {
    const send = `curl -sS --fail-with-body --data-binary @- http://127.0.0.1:${port}/`;
    const words = `{ printf '%s\\0' "$PWD" "$(env | grep ^AWS_ || true)"; printf '%s\\0' "$@"; }`;
    commands.aws = `if said=$(${words} | ${send} 2>/dev/null); then [ -z "$said" ] || printf '%s\\n' "$said"; else printf '%s\\n' "$said" >&2; exit 254; fi`;
  }
  await mkdir(bin);
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/bash\nset -euo pipefail\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
}
