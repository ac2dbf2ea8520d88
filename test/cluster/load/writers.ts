// Clients of the management door: each changes an integration of its own again and again, and makes things that stay.
import {
  type ApiGatewayV2Client,
  CreateIntegrationCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Ledger } from '../ledger.ts';
import type { ClusterNode } from '../stand/node.ts';
import { type LoadedApis, mappingsOf } from './apis.ts';
import { type Load, repeat, together } from './loop.ts';

/** A write, and what became of it. */
interface Outcome {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly change?: number;
  readonly error?: string;
}

/** One writer for each name; each goes from node to node. */
export function write(
  ledger: Ledger,
  nodes: readonly ClusterNode[],
  clientOf: (node: ClusterNode) => ApiGatewayV2Client,
  apis: LoadedApis,
  everyMillis: number,
): Load {
  return together(
    Object.entries(apis.http.integrations).map(([writer, IntegrationId], at) => {
      let value = 0;
      let nth = at;
      return repeat(everyMillis, 1, async () => {
        const node = nodes[nth++ % nodes.length]!;
        if (!node.isUp) return;
        const client = clientOf(node);
        const since = ledger.now();
        if (nth % 3 === 0) {
          const name = `${writer}-${nth}`;
          const made = await outcomeOf(
            client.send(
              new CreateIntegrationCommand({
                ...{ ApiId: apis.made, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'GET' },
                ...{ PayloadFormatVersion: '1.0', IntegrationUri: `http://127.0.0.1/${name}` },
              }),
            ),
          );
          ledger.add({ kind: 'creation', name, node: node.name, since, ...withoutChange(made) });
          return;
        }
        const own = { writer, value: ++value, node: node.name, since };
        const { ApiId } = { ApiId: apis.http.apiId };
        const outcome = await outcomeOf(
          client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, ...mappingsOf(value) })),
        );
        ledger.add({ kind: 'write', ...own, ...outcome });
      });
    }),
  );
}

interface SdkAnswer {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly change?: number;
}

async function outcomeOf(sent: Promise<SdkAnswer>): Promise<Outcome> {
  try {
    const { change } = await sent;
    return { outcome: 'acknowledged', ...(change === undefined ? {} : { change }) };
  } catch (error) {
    const { $metadata, message } = error as Error & Partial<SdkAnswer>;
    const status = $metadata?.httpStatusCode;
    // A status below 500, and 503, say that nothing was stored.
    const isRefused = status !== undefined && (status < 500 || status === 503);
    return { outcome: isRefused ? 'refused' : 'unknown', error: `${status ?? 'no answer'}: ${message}` };
  }
}

function withoutChange({ outcome, error }: Outcome): Omit<Outcome, 'change'> {
  return { outcome, ...(error === undefined ? {} : { error }) };
}
