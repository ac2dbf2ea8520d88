// A process of the load: connections that send a message, wait for its reply, and send the next. Prints what it counted as
// one line of JSON. Arguments: a JSON of `TalkOptions`.
import { open, type Server, textFrame } from './raw.ts';

export interface TalkOptions extends Server {
  readonly connections: number;
  readonly seconds: number;
  readonly message: string;
}

export interface Talked {
  readonly replies: number;
  readonly seconds: number;
}

const { connections, seconds, message, ...server } = JSON.parse(process.argv[2]!) as TalkOptions;
const frame = textFrame(message);
const sockets = await Promise.all(Array.from({ length: connections }, () => open(server)));
let replies = 0;
/** All replies to the message have one length, so that they can be counted by it. */
let replyBytes = 0;
let isOver = false;
for (const socket of sockets) {
  let waiting = 0;
  socket.on('data', (data: Buffer) => {
    if (replyBytes === 0) {
      if (data[0] !== 0x81) throw new Error(`a reply begins with ${data[0]}`);
      replyBytes = data.length;
      if (process.env.SHOW !== undefined) console.error(data.toString('utf8'));
    }
    waiting += data.length;
    if (waiting < replyBytes) return;
    if (waiting > replyBytes) throw new Error(`a reply of ${waiting} bytes, not ${replyBytes}`);
    waiting = 0;
    replies++;
    if (!isOver) socket.write(frame);
  });
  socket.on('close', () => {
    if (!isOver) throw new Error('the server closed a connection');
  });
}
const startedAt = performance.now();
for (const socket of sockets) socket.write(frame);
setTimeout(() => {
  isOver = true;
  const talked: Talked = { replies, seconds: (performance.now() - startedAt) / 1000 };
  console.log(JSON.stringify(talked));
  process.exit(0);
}, seconds * 1000);
