// Messages over WebSocket connections through a MOCK route, beside a server of `ws` alone that echoes.
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { hostOf, type StartOptions, startPostern } from '../gateways/postern.ts';
import { cpuMicros } from '../proc.ts';
import { median } from '../rounds.ts';
import {
  ECHO,
  type MockTemplates,
  makeSocketApi,
  STAGE,
  type Subject,
  startBare,
  talk,
} from '../sockets/start.ts';

const CONNECTIONS = 64;
const BARE = 'bare ws';
const THE_OTHER = 'the other';
/** As good as the other build, but for what a busy machine hides. */
const BESIDE_AT_LEAST = 0.97;

const MESSAGE = JSON.stringify({
  action: 'say',
  room: 'room-7',
  text: 'What is said in a room is heard by everybody in it.',
  tags: ['new', 'short', 'plain'],
});

/** Twenty lines: reads members, goes through a list, decides, escapes. */
const TEMPLATE = `#set($message = $input.path('$'))
#set($text = $message.text)
#set($tags = $message.tags)
#if($text.length() > 200)
  #set($kind = "long")
#else
  #set($kind = "short")
#end
#set($context.responseOverride.header.reply = "{
  ""room"": ""$message.room"",
  ""kind"": ""$kind"",
  ""text"": ""$util.escapeJavaScript($text)"",
  ""from"": ""$context.connectionId"",
  ""stage"": ""$context.stage"",
  ""words"": $text.split(' ').size(),
  ""tags"": #set($sep = '')[#foreach($tag in $tags)$sep""$tag""#set($sep = ',')#end]
}")
{
  "statusCode": 200
}`;

export const wsEcho: Scenario = {
  name: 'ws-echo',
  title: `An echo through a MOCK route, ${CONNECTIONS} connections, and by ws alone`,
  run: (bench) => compare(bench, ECHO, 0.5, 'echoes/s'),
};

export const wsTemplate: Scenario = {
  name: 'ws-template',
  title: `A reply by a template of 20 lines, ${CONNECTIONS} connections, and an echo by ws alone`,
  run: (bench) =>
    compare(
      bench,
      { request: TEMPLATE, response: '$context.responseOverride.header.reply' },
      0.35,
      'replies/s',
    ),
};

export const wsTls: Scenario = {
  name: 'ws-tls',
  title: `The echo over TLS 1.3, ${CONNECTIONS} connections, and by ws alone over TLS`,
  run: (bench) => compare(bench, ECHO, 0.5, 'echoes/s', true),
};

interface Sample {
  readonly perSecond: number;
  /** Microseconds a message. */
  readonly cpu: number;
}

async function compare(
  bench: Bench,
  templates: MockTemplates,
  atLeast: number,
  what: string,
  secure = false,
): Promise<Outcome> {
  const { beside } = bench.options;
  const subjects: Subject[] = [];
  try {
    subjects.push(await startSubject(bench, 'postern', templates, { secure }));
    if (beside !== undefined)
      subjects.push(await startSubject(bench, THE_OTHER, templates, { secure, command: beside }));
    subjects.push(await startBare(bench, { secure }));
    const series = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
    const rounds = bench.options.rounds ?? 5;
    const seconds = bench.options.seconds ?? 4;
    for (const subject of subjects) await measure(bench, subject, Math.min(3, seconds));
    for (let round = 1; round <= rounds; round++) {
      const parts: string[] = [];
      for (const subject of subjects) {
        const sample = await measure(bench, subject, seconds);
        series.get(subject.name)!.push(sample);
        parts.push(`${subject.name} ${Math.round(sample.perSecond)}`);
      }
      bench.say(`  round ${round}/${rounds}: ${parts.join(', ')}`);
    }
    const goals = [
      { what: `${what} of postern / bare ws`, value: ratioOf(series, BARE), unit: '×', atLeast },
    ];
    if (beside !== undefined) {
      const value = ratioOf(series, THE_OTHER);
      goals.push({ what: `${what} / the other build`, value, unit: '×', atLeast: BESIDE_AT_LEAST });
    }
    return { table: subjects.map(({ name }) => rowOf(name, what, series)), goals };
  } finally {
    await Promise.all(subjects.map((subject) => subject.program.stop()));
  }
}

/** Postern with the API: of this build, or of the one of `command`. */
async function startSubject(
  bench: Bench,
  name: string,
  templates: MockTemplates,
  options: StartOptions,
): Promise<Subject> {
  const { program, port, client } = await startPostern(bench, options);
  const apiId = await makeSocketApi(client, templates);
  client.destroy();
  return {
    name,
    program,
    server: { port, host: hostOf(apiId), path: `/${STAGE}`, secure: options.secure === true },
  };
}

async function measure(bench: Bench, { program, server }: Subject, seconds: number): Promise<Sample> {
  const before = cpuMicros(program.pids());
  const perSecond = await talk(bench, { ...server, connections: CONNECTIONS, seconds, message: MESSAGE });
  return { perSecond, cpu: (cpuMicros(program.pids()) - before) / (perSecond * seconds) };
}

/** Of the rates of Postern and of another, round by round. */
function ratioOf(series: ReadonlyMap<string, readonly Sample[]>, name: string): number {
  const other = series.get(name)!;
  return median(series.get('postern')!.map(({ perSecond }, round) => perSecond / other[round]!.perSecond));
}

function rowOf(name: string, what: string, series: ReadonlyMap<string, readonly Sample[]>): Row {
  const samples = series.get(name)!;
  return {
    name,
    [what]: Math.round(median(samples.map(({ perSecond }) => perSecond))),
    'CPU µs': median(samples.map(({ cpu }) => cpu)).toFixed(1),
  };
}
