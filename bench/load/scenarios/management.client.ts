// One client process of the management scenario: told by messages what to call, it answers when all is done. A single
// process of the SDK is slower than a fast server, so the scenario uses several.
import { eachConcurrently, managementClient } from '../gateways/postern-api.ts';
import { type Ids, OPERATIONS, type OperationName } from './management-calls.ts';

export interface Work {
  readonly port: number;
  readonly name: OperationName;
  readonly ids: readonly Ids[];
  /** Call numbers `from`, `from + step`, … below `to`. */
  readonly from: number;
  readonly step: number;
  readonly to: number;
  readonly atOnce: number;
}

/** The message sent back: undefined, or what went wrong. */
export interface Done {
  readonly failure?: string;
}

const clients = new Map<number, ReturnType<typeof managementClient>>();

async function run({ port, name, ids, from, step, to, atOnce }: Work): Promise<void> {
  const client = clients.get(port) ?? managementClient(port);
  clients.set(port, client);
  const numbers = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
  await eachConcurrently(numbers, atOnce, (n) =>
    OPERATIONS[name](client, ids[n % ids.length]!, Math.floor(n / ids.length)),
  );
}

process.on('message', (work: Work) => {
  run(work).then(
    () => process.send!({} satisfies Done),
    (error: unknown) => process.send!({ failure: String(error) } satisfies Done),
  );
});
