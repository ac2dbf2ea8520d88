// Backends that send messages to connections, through whichever node comes next.
import { Agent } from 'node:http';
import type { Ledger } from '../ledger.ts';
import type { ClusterNode } from '../stand/node.ts';
import { hostOf, STAGE } from './apis.ts';
import type { Crowd } from './crowd.ts';
import { type Load, repeat } from './loop.ts';
import { askSigned } from './management.ts';

/** One post of so many goes to a connection that has ended. */
const ENDED_EACH = 6;

export function post(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  crowd: Crowd,
  apiId: string,
  everyMillis: number,
): Load {
  const agent = new Agent({ keepAlive: true });
  const host = hostOf(apiId);
  let nth = 0;
  return repeat(everyMillis, 2, async () => {
    const node = nodes[++nth % nodes.length]!;
    const ids = nth % ENDED_EACH === 0 ? crowd.ended : [...crowd.open.keys()];
    const id = ids[Math.floor(Math.random() * ids.length)];
    if (id === undefined || !node.isUp) return;
    const message = `post ${nth}`;
    const since = ledger.now();
    const status = await postTo(node, host, id, message, agent);
    ledger.add({ kind: 'post', id, node: node.name, message, since, status });
  });
}

/** The status of the answer. */
export async function postTo(
  node: Pick<ClusterNode, 'url'>,
  host: string,
  id: string,
  message: string,
  agent?: Agent,
): Promise<number> {
  const path = `/${STAGE}/@connections/${encodeURIComponent(id)}`;
  const asked = { url: node.url, host, path, method: 'POST', body: message };
  const service = 'execute-api';
  return (await askSigned({ ...asked, ...(agent === undefined ? {} : { agent }) }, service)).status;
}
