// `postern dev`: from a save to the first call that sees it, of a function in JavaScript and in TypeScript, and of a template.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { POSTERN_COMMAND } from '../gateways/postern.ts';
import { freePort, Program } from '../program.ts';
import { median } from '../rounds.ts';

const SAVES = 60;
/** Between two calls, and between what was seen and the next save. */
const PAUSE_MILLIS = 2;
const REST_MILLIS = 120;
const GOAL_MILLIS = 300;

const template = (version: number): string => `
Transform: AWS::Serverless-2016-10-31
Resources:
  JavaScript:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: javascript.handler, CodeUri: javascript, Events: { Get: { Type: HttpApi, Properties: { Path: /javascript, Method: get } } } }
  TypeScript:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: typescript.handler, CodeUri: typescript, Events: { Get: { Type: HttpApi, Properties: { Path: /typescript, Method: get } } } }
  Route:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: javascript.handler, CodeUri: javascript, Events: { Get: { Type: HttpApi, Properties: { Path: /template${version}, Method: get } } } }
`;

interface Kind {
  readonly name: string;
  readonly file: string;
  text(version: number): string;
  path(version: number): string;
  sees(version: number, reply: { readonly status: number; readonly body: string }): boolean;
}

const KINDS: readonly Kind[] = [
  {
    name: 'a function in JavaScript',
    file: 'javascript/javascript.mjs',
    text: (version) => `export const handler = async () => 'version ${version}.';\n`,
    path: () => '/javascript',
    sees: (version, { body }) => body === `version ${version}.`,
  },
  {
    name: 'a function in TypeScript',
    file: 'typescript/typescript.ts',
    text: (version) => `export const handler = async (): Promise<string> => 'version ${version}.';\n`,
    path: () => '/typescript',
    sees: (version, { body }) => body === `version ${version}.`,
  },
  {
    name: 'a template',
    file: 'template.yaml',
    text: template,
    path: (version) => `/template${version}`,
    sees: (_, { status }) => status === 200,
  },
];

export const reload: Scenario = {
  name: 'reload',
  title: 'postern dev: saves of functions and templates, until a call sees them',
  async run(bench): Promise<Outcome> {
    const folder = join(bench.folder, 'reload');
    for (const name of ['javascript', 'typescript']) mkdirSync(join(folder, name), { recursive: true });
    for (const kind of KINDS) writeFileSync(join(folder, kind.file), kind.text(0));
    const saves = bench.options.rounds ?? SAVES;
    const { program, port } = await startDev(bench, folder);
    try {
      const rows: { readonly name: string; readonly millis: readonly number[] }[] = [];
      for (const kind of KINDS) {
        // The first call starts its instance, which is no reload.
        await program.ready(async () => kind.sees(0, await call({ port, path: kind.path(0) })));
        const millis: number[] = [];
        for (let version = 1; version <= saves; version++)
          millis.push(await seen(kind, version, folder, port));
        rows.push({ name: kind.name, millis });
      }
      return {
        table: rows.map(({ name, millis }) => ({
          'a save of': name,
          'p50 ms': Math.round(median(millis)),
          'p99 ms': Math.round(p99(millis)),
          worst: Math.round(Math.max(...millis)),
        })),
        goals: rows.map(({ name, millis }) => ({
          what: `a save of ${name} is seen (p99)`,
          value: p99(millis),
          unit: ' ms',
          atMost: GOAL_MILLIS,
        })),
        notes: [
          'With the quiet time that is waited for: 50 ms after a save of a function, 100 ms of a template.',
        ],
      };
    } finally {
      await program.stop();
    }
  },
};

async function startDev(bench: Bench, folder: string): Promise<{ program: Program; port: number }> {
  const port = await freePort();
  const program = new Program({
    name: 'postern dev',
    command: process.execPath,
    args: [
      ...[bench.options.postern ?? POSTERN_COMMAND, 'dev', 'template.yaml', '--port', String(port)],
      ...['--listen', '127.0.0.1:0'],
    ],
    cwd: folder,
    cores: bench.cores,
    on: bench.cores.gateway,
    log: join(bench.folder, 'dev.log'),
  });
  return { program, port };
}

/** Milliseconds from a save to the end of the first call that sees it. */
async function seen(kind: Kind, version: number, folder: string, port: number): Promise<number> {
  await sleep(REST_MILLIS);
  const startedAt = performance.now();
  writeFileSync(join(folder, kind.file), kind.text(version));
  while (!kind.sees(version, await call({ port, path: kind.path(version) }))) await sleep(PAUSE_MILLIS);
  return performance.now() - startedAt;
}

function p99(millis: readonly number[]): number {
  const sorted = millis.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1]!;
}
