// Handshakes of TLS 1.3, full and resumed, each with one mapped GET, by every gateway. Clients are the limit where they share
// two cores with the backend, so what counts is the gateway's CPU.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Goal, Outcome, Row, RunningGateway, Scenario } from '../bench.ts';
import { pinned } from '../cores.ts';
import { cpuMicros } from '../proc.ts';
import { get } from '../requests.ts';
import { median } from '../rounds.ts';
import { checkMapped } from './against-peers.ts';
import type { HandshakeOptions, Handshakes } from './handshakes.client.ts';

const CLIENT = fileURLToPath(new URL('./handshakes.client.js', import.meta.url));
const CONNECTIONS = 16;
const KINDS = ['full', 'resumed'] as const;

type Kind = (typeof KINDS)[number];

interface Sample {
  readonly perSecond: number;
  /** Microseconds of the gateway's CPU a handshake and its request. */
  readonly cpu: number;
}

export const handshakes: Scenario = {
  name: 'handshakes',
  title: `TLS 1.3 handshakes, full and resumed, with one mapped GET each, ${CONNECTIONS} at once`,
  async run(bench): Promise<Outcome> {
    const gateways: RunningGateway[] = [];
    try {
      for (const name of ['nginx', 'haproxy', 'postern', 'caddy']) {
        const gateway = await bench.gateways.get(name)?.start(bench, { secure: true });
        if (gateway === undefined) continue;
        gateways.push(gateway);
        await checkMapped(gateway, get(gateway.host));
      }
      const series = await measureAll(bench, gateways);
      return { table: rowsOf(gateways, series), goals: goalsOf(series) };
    } finally {
      await Promise.all(gateways.map(({ program }) => program.stop()));
    }
  },
};

type Series = ReadonlyMap<string, readonly Sample[]>;

async function measureAll(bench: Bench, gateways: readonly RunningGateway[]): Promise<Series> {
  const rounds = bench.options.rounds ?? 4;
  const series = new Map<string, Sample[]>();
  for (let round = 0; round <= rounds; round++) {
    const parts: string[] = [];
    for (const gateway of gateways) {
      for (const kind of KINDS) {
        const sample = await measureOnce(bench, gateway, kind);
        parts.push(`${gateway.name} ${kind} ${Math.round(sample.cpu)} µs`);
        const key = `${gateway.name} ${kind}`;
        if (round > 0) series.set(key, [...(series.get(key) ?? []), sample]);
      }
    }
    bench.say(`  ${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}: ${parts.join(', ')}`);
  }
  return series;
}

async function measureOnce(bench: Bench, gateway: RunningGateway, kind: Kind): Promise<Sample> {
  const { host, port, program, lacks } = gateway;
  const { target, headers } = get(host);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const threads = bench.cores.loadThreads;
  const options: HandshakeOptions = {
    port,
    request: `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`,
    begins: `HTTP/1.1 ${lacks.includes('status') ? 200 : 201} `,
    resumed: kind === 'resumed',
    connections: CONNECTIONS / threads,
    seconds: bench.options.seconds ?? 3,
  };
  const pids = program.pids();
  const before = cpuMicros(pids);
  const counted = await Promise.all(Array.from({ length: threads }, () => runClient(bench, options)));
  const all = counted.reduce((sum, each) => sum + each.handshakes, 0);
  return {
    perSecond: counted.reduce((sum, each) => sum + each.handshakes / each.seconds, 0),
    cpu: (cpuMicros(pids) - before) / all,
  };
}

async function runClient({ cores }: Bench, options: HandshakeOptions): Promise<Handshakes> {
  const words = [CLIENT, JSON.stringify(options)];
  const [command, args] = pinned(cores, cores.load, process.execPath, words);
  const { stdout } = await promisify(execFile)(command, args, { encoding: 'utf8' });
  return JSON.parse(stdout);
}

function rowsOf(gateways: readonly RunningGateway[], series: Series): readonly Row[] {
  return gateways.flatMap(({ name }) =>
    KINDS.map((kind) => {
      const samples = series.get(`${name} ${kind}`)!;
      const cpu = median(samples.map((sample) => sample.cpu));
      return {
        name,
        handshake: kind,
        'measured/s': Math.round(median(samples.map(({ perSecond }) => perSecond))),
        'CPU µs': Math.round(cpu),
        'CPU / nginx': cpuRatio(series, name, 'nginx', kind).toFixed(2),
        'of a whole core/s': Math.round(1e6 / cpu),
      };
    }),
  );
}

/** Median of the ratios within rounds; NaN without both. */
function cpuRatio(series: Series, name: string, base: string, kind: Kind): number {
  const [above, below] = [series.get(`${name} ${kind}`), series.get(`${base} ${kind}`)];
  if (above === undefined || below === undefined) return Number.NaN;
  return median(above.map(({ cpu }, round) => cpu / below[round]!.cpu));
}

function goalsOf(series: Series): readonly Goal[] {
  return KINDS.flatMap((kind): Goal[] => [
    {
      what: `CPU of a ${kind} handshake / nginx`,
      value: cpuRatio(series, 'postern', 'nginx', kind),
      unit: '×',
      atMost: 2.5,
    },
    {
      what: `CPU of a ${kind} handshake / Caddy`,
      value: cpuRatio(series, 'postern', 'caddy', kind),
      unit: '×',
      atMost: 2,
    },
  ]).filter(({ value }) => !Number.isNaN(value));
}
