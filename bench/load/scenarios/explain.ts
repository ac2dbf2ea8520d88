// `postern explain`: the command, and the question that it asks the server; the first of both, which load what they need, and
// later ones.
import { spawnSync } from 'node:child_process';
import type { Bench, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { pinned } from '../cores.ts';
import { hostOf, POSTERN_COMMAND, startPostern } from '../gateways/postern.ts';
import { createApi, mappedRoutes } from '../gateways/postern-api.ts';
import { cpuMicros } from '../proc.ts';
import { HEADERS, TARGET } from '../requests.ts';
import { median } from '../rounds.ts';

const QUESTIONS = 200;
const STARTS = 5;

export const explain: Scenario = {
  name: 'explain',
  title: 'postern explain of the mapped GET: cold and warm, the command and the question to the server',
  async run(bench): Promise<Outcome> {
    const cold: number[] = [];
    const warm: number[] = [];
    const warmCpu: number[] = [];
    const commands: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < (bench.options.rounds ?? STARTS); round++) {
      const { program, port, client } = await startPostern(bench);
      try {
        const routes = mappedRoutes(bench.backend.port);
        const url = `http://${hostOf(await createApi(client, { name: 'pets', routes }))}${TARGET}`;
        const ask = () => askOnce(port, url);
        cold.push(await ask());
        const pids = program.pids();
        const times: number[] = [];
        for (let n = 0; n < QUESTIONS; n++) times.push(await ask());
        const before = cpuMicros(pids);
        for (let n = 0; n < QUESTIONS; n++) await ask();
        warmCpu.push((cpuMicros(pids) - before) / QUESTIONS / 1000);
        warm.push(median(times));
        const command = bench.options.postern ?? POSTERN_COMMAND;
        const endpoint = `http://127.0.0.1:${port}`;
        commands.push(run(bench, [command, 'explain', 'GET', url, '--endpoint', endpoint]));
        bare.push(run(bench, ['-e', '0']));
      } finally {
        client.destroy();
        await program.stop();
      }
    }
    const row = (what: string, millis: readonly number[]) => ({
      what,
      'ms (median)': median(millis).toFixed(2),
      worst: Math.max(...millis).toFixed(2),
    });
    return {
      table: [
        row('the question, first of a server', cold),
        row('the question, warm', warm),
        row('the command, server warm', commands),
        row('node -e 0', bare),
      ],
      goals: [
        { what: 'CPU of a warm question', value: median(warmCpu), unit: ' ms', atMost: 3 },
        { what: 'the first question', value: median(cold), unit: ' ms', atMost: 100 },
        {
          what: 'the command, beside node -e 0',
          value: median(commands.map((millis, i) => millis / bare[i]!)),
          unit: ' x',
          atMost: 2.5,
        },
      ],
    };
  },
};

/** Milliseconds until the trace is there; throws when it is not that of the mapped reply. */
async function askOnce(port: number, url: string): Promise<number> {
  const body = JSON.stringify({ method: 'GET', url, headers: Object.entries(HEADERS), body: '' });
  const headers = { 'content-type': 'application/json' };
  const startedAt = performance.now();
  const reply = await call({ port, path: '/_postern/explain', method: 'POST', headers, body });
  const millis = performance.now() - startedAt;
  if (reply.status !== 200 || JSON.parse(reply.body).reply?.status !== 201)
    throw new Error(`status ${reply.status}: ${reply.body.slice(0, 400)}`);
  return millis;
}

/** Milliseconds of a run of Node.js on the load's cores; throws when it fails. */
function run({ cores }: Bench, words: readonly string[]): number {
  const [command, args] = pinned(cores, cores.load, process.execPath, words);
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return performance.now() - startedAt;
}
