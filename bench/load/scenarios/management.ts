// The management door beside moto_server, where that is installed: the same SDK client, 16 calls at once.
import { join } from 'node:path';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  DeleteApiCommand,
  GetRoutesCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Bench, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { startPostern } from '../gateways/postern.ts';
import { eachConcurrently, managementClient } from '../gateways/postern-api.ts';
import { cpuMicros } from '../proc.ts';
import { freePort, Program } from '../program.ts';
import { median } from '../rounds.ts';

const APIS = 8;
const CALLS = 800;
const AT_ONCE = 16;

interface Subject {
  readonly name: string;
  readonly program: Program;
  readonly client: ApiGatewayV2Client;
}

interface Ids {
  readonly ApiId: string;
  readonly IntegrationId: string;
}

const OPERATIONS = {
  CreateRoute: (client: ApiGatewayV2Client, { ApiId, IntegrationId }: Ids, n: number) =>
    client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey: `GET /items${n}/{itemId}`,
        Target: `integrations/${IntegrationId}`,
      }),
    ),
  GetRoutes: async (client: ApiGatewayV2Client, { ApiId }: Ids) => {
    const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
    if (Items?.length !== CALLS / APIS) throw new Error(`GetRoutes gave ${Items?.length} routes`);
  },
  UpdateIntegration: (client: ApiGatewayV2Client, { ApiId, IntegrationId }: Ids, n: number) =>
    client.send(
      new UpdateIntegrationCommand({
        ApiId,
        IntegrationId,
        RequestParameters: { 'overwrite:header.x-stage': `stage${n}`, 'append:querystring.src': 'gw' },
      }),
    ),
};
type OperationName = keyof typeof OPERATIONS;
const NAMES: readonly OperationName[] = ['CreateRoute', 'GetRoutes', 'UpdateIntegration'];

export const management: Scenario = {
  name: 'management',
  title: `Management door: calls a second by the AWS SDK, ${AT_ONCE} at once`,
  async run(bench): Promise<Outcome> {
    const subjects: Subject[] = [];
    try {
      const running = await startPostern(bench);
      subjects.push({ name: 'postern', program: running.program, client: running.client });
      const moto = await startMoto(bench);
      if (moto !== undefined) subjects.push(moto);
      const rounds = bench.options.rounds ?? 3;
      const samples = new Map<string, { perSecond: number; cpu: number }[]>();
      for (let round = 0; round <= rounds; round++) {
        for (const subject of subjects) {
          const figures = await measureOnce(subject);
          bench.say(
            `  round ${round}/${rounds}: ${subject.name} ${NAMES.map((n) => Math.round(figures[n].perSecond)).join(', ')}`,
          );
          if (round === 0) continue; // The warm-up.
          for (const name of NAMES) {
            const key = `${subject.name} ${name}`;
            samples.set(key, [...(samples.get(key) ?? []), figures[name]]);
          }
        }
      }
      return outcome(samples, moto !== undefined);
    } finally {
      for (const { client } of subjects) client.destroy();
      await Promise.all(subjects.map(({ program }) => program.stop()));
    }
  },
};

function outcome(samples: Map<string, { perSecond: number; cpu: number }[]>, hasMoto: boolean): Outcome {
  const rates = (subject: string, name: OperationName) =>
    (samples.get(`${subject} ${name}`) ?? []).map(({ perSecond }) => perSecond);
  const cpu = (subject: string, name: OperationName) =>
    Math.round(median((samples.get(`${subject} ${name}`) ?? []).map((sample) => sample.cpu)));
  const ratioOf = (name: OperationName) => {
    const moto = rates('moto', name);
    return median(rates('postern', name).map((rate, round) => rate / moto[round]!));
  };
  const table = NAMES.map((name) => ({
    operation: name,
    'postern/s': Math.round(median(rates('postern', name))),
    'CPU µs': cpu('postern', name),
    ...(hasMoto
      ? {
          'moto/s': Math.round(median(rates('moto', name))),
          'moto CPU µs': cpu('moto', name),
          ratio: ratioOf(name).toFixed(1),
        }
      : {}),
  }));
  if (!hasMoto) return { table, goals: [], notes: ['moto_server is not installed: no ratio.'] };
  return {
    table,
    goals: NAMES.map((name) => ({
      what: `${name}/s / moto_server`,
      value: ratioOf(name),
      unit: '×',
      atLeast: 5,
    })),
    notes: [
      'The client shares its process among all calls and can be the limit: CPU µs is the server alone.',
    ],
  };
}

/** Makes APIs, does each operation CALLS times, deletes the APIs. */
async function measureOnce({
  client,
  program,
}: Subject): Promise<Record<OperationName, { perSecond: number; cpu: number }>> {
  const ids: Ids[] = [];
  for (let n = 0; n < APIS; n++) {
    const { ApiId } = await client.send(new CreateApiCommand({ Name: `api ${n}`, ProtocolType: 'HTTP' }));
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ApiId: ApiId!,
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'ANY',
        IntegrationUri: 'http://127.0.0.1:9/',
        PayloadFormatVersion: '1.0',
        RequestParameters: { 'overwrite:header.x-stage': 'prod' },
      }),
    );
    ids.push({ ApiId: ApiId!, IntegrationId: IntegrationId! });
  }
  const figures: Partial<Record<OperationName, { perSecond: number; cpu: number }>> = {};
  for (const name of NAMES) {
    const pids = program.pids();
    const cpuBefore = cpuMicros(pids);
    const startedAt = performance.now();
    await eachConcurrently(Array.from({ length: CALLS }).keys(), AT_ONCE, (n) =>
      OPERATIONS[name](client, ids[n % APIS]!, Math.floor(n / APIS)),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    figures[name] = { perSecond: CALLS / seconds, cpu: (cpuMicros(pids) - cpuBefore) / CALLS };
  }
  for (const { ApiId } of ids) await client.send(new DeleteApiCommand({ ApiId }));
  return figures as Record<OperationName, { perSecond: number; cpu: number }>;
}

async function startMoto(bench: Bench): Promise<Subject | undefined> {
  const port = await freePort();
  const program = new Program({
    name: 'moto_server',
    command: 'moto_server',
    args: ['-H', '127.0.0.1', '-p', String(port)],
    cores: bench.cores,
    on: bench.cores.gateway,
    log: join(bench.folder, 'moto.log'),
  });
  try {
    await program.ready(async () => (await call({ port, path: '/moto-api/data.json' })).status === 200, 100);
  } catch (error) {
    bench.say(`  no moto_server: ${String(error).split('\n')[0]}`);
    await program.stop();
    return undefined;
  }
  return { name: 'moto', program, client: managementClient(port) };
}
