// A backend that is told the ends of connections, by a POST of the id of each.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Ends = Awaited<ReturnType<typeof countEnds>>;

export async function countEnds() {
  const ids = new Set<string>();
  let all = 0;
  /** When an id was new, by `performance.now()`. */
  let firstAt = Number.NaN;
  let lastAt = Number.NaN;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      all++;
      const id = Buffer.concat(chunks).toString('latin1');
      if (!ids.has(id)) {
        ids.add(id);
        lastAt = performance.now();
        if (ids.size === 1) firstAt = lastAt;
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    told: () => ({ all, different: ids.size, firstAt, lastAt }),
    forget(): void {
      ids.clear();
      all = 0;
    },
    /** Until so many ends were told, and a while longer for those that should not be; gives up after `seconds`. */
    async until(count: number, seconds = 30): Promise<void> {
      for (let i = 0; i < 10 * seconds && ids.size < count; i++) await sleep(100);
      await sleep(500);
    },
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
