// A process of the load: WebSocket connections over the workers of a program, and posters that post to those of the worker which takes
// their posts, or to those of another. Takes lines of commands, and prints a line of JSON when one is done: `open CONNECTIONS POSTERS`,
// `post own|other SECONDS`. Arguments: a JSON of `Server`, and the path behind which posts name connections.
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
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
const posters: Poster[] = [];

/** Request ids begin with nine characters that are the process's own. */
const processOf = (requestId: string): string => requestId.slice(0, 9);

async function openAll(connections: number, count: number): Promise<object> {
  const sockets = await openMany(server, connections);
  await Promise.all(sockets.map(hold));
  const [[anyId]] = held.values() as unknown as [string[]];
  for (let i = 0; i < count; i++) posters.push(await openPoster(anyId!));
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

async function openPoster(id: string): Promise<Poster> {
  const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
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

async function post(whose: 'own' | 'other', seconds: number): Promise<Posts> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const before = received;
  await Promise.all(
    posters.map(async ({ ask, process }, at) => {
      const ids = [...held].flatMap(([of, each]) => ((of === process) === (whose === 'own') ? each : []));
      for (let n = at; performance.now() < until; n += posters.length) {
        const began = performance.now();
        const head = await ask('POST', ids[n % ids.length]!, MESSAGE);
        if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`a post was answered ${head}`);
        latencies.push(performance.now() - began);
      }
    }),
  );
  const posted = latencies.length;
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

for await (const line of createInterface({ input: process.stdin })) {
  const [command, a, b] = line.split(' ');
  const done =
    command === 'open'
      ? await openAll(Number(a), Number(b))
      : await post(a === 'own' ? 'own' : 'other', Number(b));
  console.log(JSON.stringify(done));
}
process.exit(0);
