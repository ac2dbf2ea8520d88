// Ten thousand idle WebSocket connections and a steady rate of messages among them; a server of `ws` alone beside.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { cpuMicros, residentMiB } from '../proc.ts';
import type { Talk } from '../sockets/crowd.ts';
import { countEnds, type Ends } from '../sockets/ends.ts';
import { Crowd, ECHO, makeSocketApi, STAGE, type Subject, startBare, talk } from '../sockets/start.ts';

const CONNECTIONS = 10_000;
const RATE = 500;
const SECONDS = 60;
/** Connections of these that talk. */
const TALKERS = 100;
/** Quiet time in which a server collects what opening the connections left. */
const SETTLE_MILLIS = 12_000;

export const wsSoak: Scenario = {
  name: 'ws-soak',
  title: `${CONNECTIONS} idle connections and ${RATE} messages/s for ${SECONDS} s, and the same with ws alone`,
  async run(bench): Promise<Outcome> {
    const ends = await countEnds();
    const { program, port, client } = await startPostern(bench);
    const subjects: Subject[] = [];
    try {
      const apiId = await makeSocketApi(client, ECHO, `http://127.0.0.1:${ends.port}/`);
      client.destroy();
      subjects.push({ name: 'postern', program, server: { port, host: hostOf(apiId), path: `/${STAGE}` } });
      subjects.push(await startBare(bench));
      const soaked: Soaked[] = [];
      for (const subject of subjects) soaked.push(await soak(bench, subject, ends));
      const [postern, bare] = soaked as [Soaked, Soaked];
      const { told } = postern;
      return {
        table: subjects.map(({ name }, i) => rowOf(name, soaked[i]!)),
        goals: [
          {
            what: 'memory of an idle connection, postern / bare ws',
            value: postern.kibEach / bare.kibEach,
            unit: '×',
            atMost: 1.5,
          },
          { what: 'messages lost', value: postern.talk.lost + postern.talk.wrong, unit: '', atMost: 0 },
          { what: 'connections dropped', value: postern.talk.dropped, unit: '', atMost: 0 },
          {
            what: '$disconnects missed or told twice',
            value: Math.abs(told.different - postern.opened) + (told.all - told.different),
            unit: '',
            atMost: 0,
          },
        ],
      };
    } finally {
      await Promise.all([program.stop(), ...subjects.map((subject) => subject.program.stop())]);
      ends.close();
    }
  },
};

interface Soaked {
  readonly opened: number;
  readonly openSeconds: number;
  readonly kibEach: number;
  readonly talk: Talk;
  /** Share of a core while messages came. */
  readonly cpuShare: number;
  /** Ends of connections that a backend heard of. */
  readonly told: { readonly all: number; readonly different: number };
}

async function soak(bench: Bench, { name, program, server }: Subject, ends: Ends): Promise<Soaked> {
  const seconds = bench.options.seconds ?? SECONDS;
  // Code that has been run is compiled, and belongs to no connection.
  await talk(bench, { ...server, connections: 64, seconds: 3, message: '{"action":"say"}' });
  await sleep(SETTLE_MILLIS);
  ends.forget();
  const before = residentMiB(program.pids());
  const crowd = new Crowd(bench, server);
  try {
    const { open, seconds: openSeconds } = await crowd.tell<{ open: number; seconds: number }>(
      `open ${CONNECTIONS}`,
    );
    await sleep(SETTLE_MILLIS);
    const kibEach = ((residentMiB(program.pids()) - before) * 1024) / open;
    bench.say(`  ${name}: ${open} open, ${kibEach.toFixed(1)} KiB each`);
    const cpuBefore = cpuMicros(program.pids());
    const talked = await crowd.tell<Talk>(`talk ${TALKERS} ${RATE} ${seconds}`);
    const cpuShare = (cpuMicros(program.pids()) - cpuBefore) / (seconds * 1e6);
    bench.say(`  ${name}: ${talked.sent} messages, ${talked.lost} lost`);
    await crowd.tell('leave');
    if (name === 'postern') await ends.until(open);
    return { opened: open, openSeconds, kibEach, talk: talked, cpuShare, told: ends.told() };
  } finally {
    crowd.end();
  }
}

function rowOf(name: string, { opened, openSeconds, kibEach, talk: talked, cpuShare }: Soaked): Row {
  return {
    name,
    'opened/s': Math.round(opened / openSeconds),
    'KiB each': kibEach.toFixed(1),
    messages: talked.sent,
    lost: talked.lost,
    'p50 ms': talked.p50Millis.toFixed(2),
    'p99 ms': talked.p99Millis.toFixed(2),
    'CPU %': (cpuShare * 100).toFixed(1),
  };
}
