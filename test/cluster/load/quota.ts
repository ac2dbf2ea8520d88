// A client whose key has a quota of connects.
import { WebSocket } from 'ws';
import type { Ledger } from '../ledger.ts';
import type { ClusterNode } from '../stand/node.ts';
import { hostOf, STAGE } from './apis.ts';
import { type Load, repeat } from './loop.ts';

export interface QuotaKey {
  readonly key: string;
  readonly value: string;
  readonly limit: number;
}

const HANDSHAKE_MILLIS = 5_000;

/** Connects through whichever node comes next. */
export function connectWithKey(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  apiId: string,
  { key, value, limit }: QuotaKey,
  everyMillis: number,
): Load {
  ledger.add({ kind: 'quota', key, limit });
  let nth = 0;
  return repeat(everyMillis, 1, async () => {
    const node = nodes[nth++ % nodes.length]!;
    if (node.isUp) ledger.add({ kind: 'quota-use', key, outcome: await connectOnce(node, apiId, value) });
  });
}

/** Until every node has said that there is no more. */
export async function exhaustQuota(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  apiId: string,
  { key, value, limit }: QuotaKey,
): Promise<void> {
  let refused = 0;
  for (let nth = 0; refused < 3 * nodes.length && nth < 2 * limit; nth++) {
    const outcome = await connectOnce(nodes[nth % nodes.length]!, apiId, value);
    ledger.add({ kind: 'quota-use', key, outcome });
    refused = outcome === 'admitted' ? 0 : refused + 1;
  }
}

function connectOnce(
  { url }: Pick<ClusterNode, 'url'>,
  apiId: string,
  value: string,
): Promise<'admitted' | 'exceeded' | 'failed'> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/${STAGE}`, {
    headers: { host: hostOf(apiId), 'x-api-key': value },
    handshakeTimeout: HANDSHAKE_MILLIS,
  });
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('admitted');
      socket.close(1000);
    });
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode === 429 ? 'exceeded' : 'failed');
      request.destroy();
    });
    socket.on('error', () => resolve('failed'));
  });
}
