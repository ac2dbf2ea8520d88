// Clients of the HTTP API: some that see what writers have changed, and some that want more of a bucket than it has.
import { Agent } from 'node:http';
import type { Ledger } from '../ledger.ts';
import type { ClusterNode } from '../stand/node.ts';
import { hostOf, type LoadedApis, type LoadedBucket } from './apis.ts';
import { ask } from './http.ts';
import { type Load, repeat, together } from './loop.ts';

/** At every node, on connections that are kept. */
export function callWriters(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  { http }: LoadedApis,
  everyMillis: number,
): Load {
  const writers = Object.keys(http.integrations);
  const loads = nodes.map((node) => {
    const agent = new Agent({ keepAlive: true });
    let nth = 0;
    return repeat(everyMillis, 2, async () => {
      const writer = writers[nth++ % writers.length]!;
      const since = ledger.now();
      const reply = await ask({ url: node.url, host: hostOf(http.apiId), path: `/${writer}`, agent });
      const { status, error } = reply;
      const isOf = { kind: 'reply' as const, node: node.name, writer, since, status };
      const values = status === 200 ? valuesOf(reply.body, reply.headers['x-three']) : [];
      ledger.add({ ...isOf, values, ...(error === undefined ? {} : { error }) });
    });
  });
  return together(loads);
}

/** A local function of every node. */
export function callFunction(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  { http }: LoadedApis,
  everyMillis: number,
): Load {
  return together(
    nodes.map((node) => {
      const agent = new Agent({ keepAlive: true });
      return repeat(everyMillis, 1, async () => {
        const since = ledger.now();
        const asked = { url: node.url, host: hostOf(http.apiId), path: '/hello', agent };
        const { status, error } = await ask(asked);
        const isOf = { kind: 'reply' as const, node: node.name, writer: 'a function', since, status };
        ledger.add({ ...isOf, values: [0], ...(error === undefined ? {} : { error }) });
      });
    }),
  );
}

/** All three parts of the deployment that answered. */
export function valuesOf(body: string, header: unknown): readonly number[] {
  return [...(JSON.parse(body) as number[]), Number(header)];
}

export interface OfferedBucket extends LoadedBucket {
  /** Calls a second. */
  readonly offered: number;
  readonly floor: number;
  readonly parts: number;
}

/** Offers all nodes together so much a second, evenly. */
export function callLimited(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  { http }: LoadedApis,
  { rate, burst, offered, floor, parts }: OfferedBucket,
): Load {
  const bucket = 'limited';
  ledger.add({ kind: 'bucket', bucket, rate, burst, floor, parts });
  return together(
    nodes.map((node) => {
      const agent = new Agent({ keepAlive: true });
      return repeat((4_000 * nodes.length) / offered, 4, async () => {
        if (!node.isUp) return;
        const since = ledger.now();
        const { status } = await ask({ url: node.url, host: hostOf(http.apiId), path: '/limited', agent });
        if (status === 200 || status === 429)
          ledger.add({ kind: 'throttled', bucket, node: node.name, since, isAdmitted: status === 200 });
      });
    }),
  );
}
