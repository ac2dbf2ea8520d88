// Client of the large bodies. It reads nothing of any reply until all have begun (or ten seconds have passed), so that a
// gateway that does not hold back collects them all.
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const CHUNK = Buffer.alloc(64 * 1024, 'a');

/** Sends `count` requests with bodies of `bytes` bytes at once and reads replies of the same size. */
export async function exchangeBodies(options: {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly count: number;
  readonly bytes: number;
}): Promise<void> {
  const agent = new Agent({ keepAlive: false, maxSockets: options.count });
  const gate = new Gate(options.count);
  try {
    await Promise.all(Array.from({ length: options.count }, () => exchangeOne(options, agent, gate)));
  } finally {
    agent.destroy();
  }
}

/** Opens when as many have arrived as are expected, half a second later: time for a gateway to read on. */
class Gate {
  readonly opened: Promise<void>;
  #missing: number;
  #open: () => void = () => {};

  constructor(count: number) {
    this.#missing = count;
    const all = new Promise<void>((resolve) => {
      this.#open = resolve;
    });
    const late = sleep(10_000, undefined, { ref: false });
    this.opened = Promise.race([all.then(() => sleep(500)), late]);
  }

  arrive(): void {
    if (--this.#missing === 0) this.#open();
  }
}

async function exchangeOne(
  options: { readonly port: number; readonly host: string; readonly path: string; readonly bytes: number },
  agent: Agent,
  gate: Gate,
): Promise<void> {
  const { port, host, path, bytes } = options;
  const outgoing = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    agent,
    headers: { host, 'content-length': bytes, 'content-type': 'application/octet-stream' },
  });
  const replied = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  replied.catch(() => {});
  for (let sent = 0; sent < bytes; sent += CHUNK.length) {
    if (outgoing.write(CHUNK.subarray(0, Math.min(CHUNK.length, bytes - sent)))) continue;
    const drained = new Promise((resolve) => outgoing.once('drain', resolve));
    await Promise.race([drained, replied]);
  }
  outgoing.end();
  const incoming = await replied;
  gate.arrive();
  await gate.opened;
  let received = 0;
  for await (const chunk of incoming) received += (chunk as Buffer).length;
  if (incoming.statusCode !== 200 || received !== bytes) {
    throw new Error(`status ${incoming.statusCode}, ${received} bytes instead of ${bytes}`);
  }
}
