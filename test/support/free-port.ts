// A port for a program that has to be told one.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any, or connects: nobody comes to it by chance before the program does. */
const [LOWEST, COUNT] = [20_000, 10_000];

/** One of 127.0.0.1 that is free, and the `more` behind it. */
export async function freePort(more = 0): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (COUNT - more));
    const ports = Array.from({ length: more + 1 }, (_, at) => port + at);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return isListening;
}
