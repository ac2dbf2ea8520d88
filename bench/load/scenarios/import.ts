// OpenAPI: a document of 1,000 paths imported and reimported, beside moto_server where that is installed; and reimported with one
// change while the API is called.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand,
  DeleteApiCommand,
  GetDeploymentsCommand,
  ImportApiCommand,
  ReimportApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { cpuMicros } from '../proc.ts';
import type { Program } from '../program.ts';
import { get } from '../requests.ts';
import { median } from '../rounds.ts';
import { wrk } from '../wrk.ts';
import { startMoto } from './moto.ts';
import { asYaml, documentOf } from './openapi-document.ts';

const PATHS = 1_000;
const TIMES = 5;
const REIMPORTS = 12;

export const openapi: Scenario = {
  name: 'import',
  title: `OpenAPI: import and reimport of a document of ${PATHS} paths`,
  async run(bench): Promise<Outcome> {
    const running = await startPostern(bench);
    try {
      const document = documentOf(bench.backend.port, PATHS);
      const json = JSON.stringify(document);
      const yaml = asYaml(document);
      const imports = [
        await importRow(running, 'ImportApi, JSON', json),
        await importRow(running, 'ImportApi, YAML', yaml),
      ];
      const deployed = await reimportRow(running, json, bench.backend.port);
      const busy = await underLoad(bench, running);
      const rows: Row[] = [...imports, deployed].map(({ what, kib, cpu, millis }) => ({
        what,
        KiB: Math.round(kib),
        'server CPU ms': Math.round(cpu),
        'answered in ms': Math.round(millis),
      }));
      const moto = await besideMoto(bench, json);
      return {
        table: [
          ...rows,
          ...(moto === undefined
            ? []
            : [
                {
                  what: 'ReimportApi, JSON, moto_server',
                  KiB: Math.round(json.length / 1024),
                  'server CPU ms': Math.round(moto.cpu),
                  'answered in ms': Math.round(moto.millis),
                },
              ]),
        ],
        goals: [
          ...imports.map(({ what, cpu }) => ({
            what: `${what}, CPU`,
            value: cpu,
            unit: ' ms',
            atMost: 1_000,
          })),
          {
            what: 'deployments of a reimport with an auto-deploying stage',
            value: deployed.deployments,
            unit: '',
            atMost: 1,
          },
          { what: 'failed requests during reimports', value: busy.failed, unit: '', atMost: 0 },
        ],
        notes: [
          `${REIMPORTS} reimports with one change under load: live ${median(busy.live).toFixed(0)} ms after they were sent (worst ${Math.max(...busy.live).toFixed(0)}), of ${busy.requests} requests meanwhile ${busy.failed} failed${busy.failures === '' ? '' : ` (${busy.failures})`}, the slowest took ${busy.slowest.toFixed(1)} ms.`,
          moto === undefined
            ? 'moto_server is not installed: no ratio.'
            : `ReimportApi beside moto_server, which has no ImportApi, checks nothing and deploys nothing: ${(moto.cpu / deployed.cpu).toFixed(2)} × its CPU, ${(moto.millis / deployed.millis).toFixed(2)} × its time.`,
        ],
      };
    } finally {
      running.client.destroy();
      await running.program.stop();
    }
  },
};

interface Server {
  readonly client: ApiGatewayV2Client;
  readonly port: number;
  readonly program: Program;
}

interface Measured {
  readonly what: string;
  readonly kib: number;
  /** Milliseconds of the server's processes, medians. */
  readonly cpu: number;
  readonly millis: number;
}

/** Medians over TIMES, after one call that warms up. */
async function measured(
  { program }: Pick<Server, 'program'>,
  what: string,
  text: string,
  act: (n: number) => Promise<unknown>,
): Promise<Measured> {
  const cpu: number[] = [];
  const millis: number[] = [];
  for (let n = 0; n <= TIMES; n++) {
    const cpuBefore = cpuMicros(program.pids());
    const before = performance.now();
    await act(n);
    if (n === 0) continue;
    millis.push(performance.now() - before);
    // What follows the answer, garbage collection say, is the import's too.
    await sleep(200);
    cpu.push((cpuMicros(program.pids()) - cpuBefore) / 1000);
  }
  return { what, kib: Buffer.byteLength(text) / 1024, cpu: median(cpu), millis: median(millis) };
}

async function importRow(server: Server, what: string, text: string): Promise<Measured> {
  const made: string[] = [];
  const row = await measured(server, what, text, async () => {
    const { ApiId, Warnings } = await server.client.send(new ImportApiCommand({ Body: text }));
    if (Warnings !== undefined) throw new Error(`warnings: ${Warnings[0]}`);
    made.push(ApiId!);
  });
  for (const ApiId of made) await server.client.send(new DeleteApiCommand({ ApiId }));
  return row;
}

/** Each time with one changed route, and a stage that deploys by itself. */
async function reimportRow(
  server: Server,
  json: string,
  backendPort: number,
): Promise<Measured & { readonly deployments: number }> {
  const { client } = server;
  const ApiId = await deployedApi(client, json);
  const count = async (): Promise<number> =>
    (await client.send(new GetDeploymentsCommand({ ApiId, MaxResults: '500' }))).Items!.length;
  const before = await count();
  const row = await measured(server, 'ReimportApi, JSON, one change, deployed', json, (n) => {
    const Body = JSON.stringify(documentOf(backendPort, PATHS, `/added${n}`));
    return client.send(new ReimportApiCommand({ ApiId, Body }));
  });
  const deployments = ((await count()) - before) / (TIMES + 1);
  await client.send(new DeleteApiCommand({ ApiId }));
  return { ...row, deployments };
}

async function deployedApi(client: ApiGatewayV2Client, json: string): Promise<string> {
  const { ApiId } = await client.send(new ImportApiCommand({ Body: json }));
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  return ApiId!;
}

interface Busy {
  /** Milliseconds from sending a reimport to the first call that meets its change. */
  readonly live: readonly number[];
  readonly requests: number;
  readonly failed: number;
  readonly failures: string;
  /** Milliseconds. */
  readonly slowest: number;
}

async function underLoad(bench: Bench, server: Server): Promise<Busy> {
  const { client, port } = server;
  const ApiId = await deployedApi(client, JSON.stringify(documentOf(bench.backend.port, PATHS)));
  const host = hostOf(ApiId);
  const seconds = bench.options.seconds === undefined ? 15 : Math.max(3, bench.options.seconds);
  // Paced, so that the reimport is measured and not the queue before a saturated core.
  const load = wrk({ ...bench, port }, { ...get(host), pauseMillis: 20 }, seconds);
  load.catch(() => {});
  await sleep(1000);
  const live: number[] = [];
  const deadline = Date.now() + (seconds - 2) * 1000;
  for (let n = 0; n < REIMPORTS && Date.now() < deadline; n++) {
    const path = `/added${n}`;
    const Body = JSON.stringify(documentOf(bench.backend.port, PATHS, path));
    const before = performance.now();
    const reimported = client.send(new ReimportApiCommand({ ApiId, Body }));
    while ((await call({ port, path, headers: { host } })).status === 404) await sleep(1);
    live.push(performance.now() - before);
    await reimported;
    await sleep(100);
  }
  const { requests, failed, failures, maxMicros } = await load;
  return { live, requests, failed, failures, slowest: maxMicros / 1000 };
}

async function besideMoto(bench: Bench, json: string): Promise<Measured | undefined> {
  const moto = await startMoto(bench);
  if (moto === undefined) return undefined;
  try {
    const { ApiId } = await moto.client.send(new CreateApiCommand({ Name: 'busy', ProtocolType: 'HTTP' }));
    return await measured(moto, 'moto_server', json, () =>
      moto.client.send(new ReimportApiCommand({ ApiId, Body: json })),
    );
  } finally {
    moto.client.destroy();
    await moto.program.stop();
  }
}
