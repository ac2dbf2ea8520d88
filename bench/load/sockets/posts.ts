// A process of the load: WebSocket connections over the processes of a program, and posters that post to those of the process which
// takes their posts, or to those of another. Takes lines of commands, and prints a line of JSON when one is done:
// `open CONNECTIONS POSTERS PORT…`, with as many posters at each port; `post own|other SECONDS RATE`, where a rate of 0 is as fast as
// all posters can. Arguments: a JSON of `Server`, and the path behind which posts name connections.
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { onText, openMany, type Server, textFrame } from './raw.ts';

export interface Posts {
  readonly posted: number;
  readonly seconds: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

const server = JSON.parse(process.argv[2]!) as Server;
const postPath = process.argv[3]!;
const MESSAGE = JSON.stringify({ text: 'What is said in a room is heard by everybody in it.'.repeat(3) });

/** Ids of connections by what the request ids of their process begin with. */
const held = new Map<string, string[]>();
let received = 0;

interface Poster {
  readonly ask: (method: string, id: string, body: string) => Promise<string>;
  readonly process: string;
}

type Whose = 'own' | 'other';

const posters: Poster[] = [];

/** Request ids begin with nine characters that are the process's own. */
const processOf = (requestId: string): string => requestId.slice(0, 9);

async function openAll(connections: number, count: number, ports: readonly number[]): Promise<object> {
  const sockets = await openMany(server, connections);
  await Promise.all(sockets.map(hold));
  const [[anyId]] = held.values() as unknown as [string[]];
  for (const port of ports) for (let i = 0; i < count; i++) posters.push(await openPoster(anyId!, port));
  const counts = [...held].map(([process, ids]) => [
    ids.length,
    posters.filter((poster) => poster.process === process).length,
  ]);
  return { counts };
}

/** Learns who a connection is, and who has it. */
function hold(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let isKnown = false;
    onText(socket, (text) => {
      if (isKnown) {
        received++;
        return;
      }
      isKnown = true;
      const [id, requestId] = text.split(' ') as [string, string];
      const of = processOf(requestId);
      held.set(of, [...(held.get(of) ?? []), id]);
      resolve();
    });
    socket.write(textFrame('{}'));
  });
}

async function openPoster(id: string, port: number): Promise<Poster> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let answered: (head: string) => void = () => {};
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const head = text.slice(0, end);
    text = '';
    answered(head);
  });
  const ask: Poster['ask'] = (method, to, body) =>
    new Promise((resolve) => {
      answered = resolve;
      const path = postPath + encodeURIComponent(to);
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: ${server.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
  const head = await ask('GET', id, '');
  return { ask, process: processOf(/\r\nx-amz-apigw-id: (\S+)/i.exec(head)![1]!) };
}

async function post(whose: Whose, seconds: number, rate: number): Promise<Posts> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const before = received;
  const posting = posters
    .map((poster) => ({ poster, ids: idsFor(poster, whose) }))
    .filter(({ ids }) => ids.length > 0);
  let posted = 0;
  const once = async ({ poster, ids }: (typeof posting)[0], dueAt: number): Promise<void> => {
    const head = await poster.ask('POST', ids[posted++ % ids.length]!, MESSAGE);
    if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`a post was answered ${head}`);
    latencies.push(performance.now() - dueAt);
  };
  if (rate === 0) {
    await Promise.all(
      posting.map(async (each) => {
        for (let now = startedAt; now < until; now = performance.now()) await once(each, now);
      }),
    );
  } else await postAtRate(posting, once, until, rate);
  while (received - before < posted) await new Promise((resolve) => setTimeout(resolve, 5));
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(posted * share)] ?? Number.NaN;
  return {
    posted,
    seconds: (performance.now() - startedAt) / 1000,
    p50Millis: at(0.5),
    p99Millis: at(0.99),
  };
}

function idsFor({ process }: Poster, whose: Whose): readonly string[] {
  return [...held].flatMap(([of, each]) => ((of === process) === (whose === 'own') ? each : []));
}

/** Whatever is in flight, posts come at random times, so many a second. One that finds all posters busy waits for one, and its time runs
 *  from when it was due. */
async function postAtRate<P>(
  posting: readonly P[],
  once: (poster: P, dueAt: number) => Promise<void>,
  until: number,
  rate: number,
): Promise<void> {
  const idle = [...posting];
  let failure: unknown;
  let dueAt = performance.now();
  const gap = (): number => (-Math.log(1 - Math.random()) * 1000) / rate;
  while ((dueAt < until || idle.length < posting.length) && failure === undefined) {
    const now = performance.now();
    while (dueAt <= now && dueAt < until && idle.length > 0) {
      // The one that has been idle longest: posters take turns.
      const poster = idle.shift()!;
      once(poster, dueAt).then(
        () => idle.push(poster),
        (error: unknown) => (failure = error),
      );
      dueAt += gap();
    }
    // Timers are too coarse, and this process has a core of its own.
    await setImmediate();
  }
  if (failure !== undefined) throw failure;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, first, ...rest] = line.split(' ');
  const [a, b = 0, ...ports] = [first, ...rest].map(Number) as [number, ...number[]];
  const done =
    command === 'open'
      ? await openAll(a, b, ports)
      : await post(first === 'own' ? 'own' : 'other', b, ports[0] ?? 0);
  console.log(JSON.stringify(done));
}
process.exit(0);
