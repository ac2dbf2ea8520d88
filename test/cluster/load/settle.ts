// What is asked of a cluster when all is quiet, and what must be gone when it has ended.
import { GetIntegrationCommand, GetIntegrationsCommand } from '@aws-sdk/client-apigatewayv2';
import type { ClusterNode } from '../stand/node.ts';
import type { Stand } from '../stand/stand.ts';
import { hostOf, type LoadedApis } from './apis.ts';
import { valuesOf } from './callers.ts';
import { ask } from './http.ts';
import { askSigned } from './management.ts';

/** Each on a connection of its own, so that all workers of a node are met. */
const CALLS_EACH = 8;

/** Writes down what each node has and serves. Throws when one does not answer. */
export async function lookEverywhere(stand: Stand, apis: LoadedApis): Promise<void> {
  for (const node of stand.nodes) {
    stand.ledger.add({ kind: 'digest', node: node.name, digest: await digestOf(node) });
    stand.ledger.add({ kind: 'stored', node: node.name, ...(await storedAt(stand, node, apis)) });
    for (const writer of Object.keys(apis.http.integrations)) {
      const asked = { url: node.url, host: hostOf(apis.http.apiId), path: `/${writer}` };
      for (let nth = 0; nth < CALLS_EACH; nth++) {
        const reply = await ask(asked);
        if (reply.status !== 200) throw new Error(`${node.name} answered ${reply.status} when all was quiet`);
        const [value] = valuesOf(reply.body, reply.headers['x-three']);
        stand.ledger.add({ kind: 'served', node: node.name, writer, value: value! });
      }
    }
  }
}

async function digestOf({ name, management }: ClusterNode): Promise<string> {
  const path = '/_postern/snapshot-digest';
  const { status, body } = await askSigned(
    { url: management, host: new URL(management).host, path },
    'apigateway',
  );
  if (status !== 200) throw new Error(`${name} tells no digest: ${status} ${body}`);
  return JSON.parse(body).digest;
}

async function storedAt(stand: Stand, node: ClusterNode, { http, made }: LoadedApis) {
  const client = stand.client(node);
  const values: Record<string, number> = {};
  for (const [writer, IntegrationId] of Object.entries(http.integrations)) {
    const found = await client.send(new GetIntegrationCommand({ ApiId: http.apiId, IntegrationId }));
    values[writer] = Number(found.RequestParameters?.['overwrite:header.x-one']);
  }
  const created: string[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await client.send(
      new GetIntegrationsCommand({ ApiId: made, MaxResults: '500', ...(NextToken && { NextToken }) }),
    );
    for (const { IntegrationUri } of page.Items ?? []) created.push(IntegrationUri!.split('/').at(-1)!);
    NextToken = page.NextToken;
    if (NextToken === undefined) return { values, created };
  }
}

/** Whether PostgreSQL's numbers of changes have no gap, and rows of nodes that are gone. */
export async function lookIntoStore({ ledger, postgres }: Stand): Promise<void> {
  if (postgres === undefined) return;
  const [changes] = await postgres.sql(
    'select min(number)::int as lowest, max(number)::int as highest, count(*)::int as count from postern.change',
  );
  ledger.add({ kind: 'changes', ...(changes as { lowest: number; highest: number; count: number }) });
  const rows = await postgres.sql(
    "select id, holder from postern.connection where holder not in (select incarnation from postern.node where state in ('up', 'draining'))",
  );
  for (const { id, holder } of rows)
    ledger.add({ kind: 'left', what: `row ${id} of ${holder}, which is gone` });
}

/** Ends all nodes as an operator does. What runs then, and rows of connections, are left. */
export async function endAll({ ledger, nodes, postgres }: Stand): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      await node.end().catch((error: Error) => {
        ledger.add({ kind: 'left', what: `${node.name}, which did not end: ${error.message}` });
      });
      for (const { pid } of node.stillRunning())
        ledger.add({ kind: 'left', what: `process ${pid} of ${node.name}` });
    }),
  );
  if (postgres === undefined) return;
  const [{ count } = { count: 0 }] = await postgres.sql(
    'select count(*)::int as count from postern.connection',
  );
  if (Number(count) > 0) ledger.add({ kind: 'left', what: `${count} rows of connections` });
}
