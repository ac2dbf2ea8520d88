// A definition as texts, to go from one thread to another. A structured clone of 100,000 values takes a third of a second, all of it at
// once in the thread that receives; JSON takes a tenth of that, in slices between which others have their turn.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DefinedIntegration, DefinedOperation, Definition } from './definition.ts';

export interface SentDefinition {
  /** All but the operations. */
  readonly head: string;
  /** Each a list. Operations have the numbers of their integrations, which many of them may share. */
  readonly integrations: readonly string[];
  readonly operations: readonly string[];
}

type SentOperation = Omit<DefinedOperation, 'integration'> & { readonly integration?: number };

/** Operations or integrations in a slice. */
const SLICE = 200;

export function sentDefinition({ operations, ...head }: Definition): SentDefinition {
  const numbers = new Map<DefinedIntegration, number>();
  const sent = operations.map(({ integration, ...operation }): SentOperation => {
    if (integration === undefined) return operation;
    const number = numbers.get(integration) ?? numbers.size;
    numbers.set(integration, number);
    return { ...operation, integration: number };
  });
  return {
    head: JSON.stringify(head),
    integrations: slicesOf([...numbers.keys()]),
    operations: slicesOf(sent),
  };
}

/** The definition again. Members that were undefined are not there. */
export async function receivedDefinition(sent: SentDefinition): Promise<Definition> {
  const head = JSON.parse(sent.head) as Omit<Definition, 'operations'>;
  const integrations = await joined<DefinedIntegration>(sent.integrations);
  const operations = await joined<SentOperation>(sent.operations);
  return {
    ...head,
    operations: operations.map(({ integration, ...operation }) => ({
      ...operation,
      integration: integration === undefined ? undefined : integrations[integration],
    })),
  };
}

function slicesOf(values: readonly unknown[]): readonly string[] {
  const slices: string[] = [];
  for (let at = 0; at < values.length; at += SLICE) slices.push(JSON.stringify(values.slice(at, at + SLICE)));
  return slices;
}

async function joined<T>(slices: readonly string[]): Promise<readonly T[]> {
  const values: T[] = [];
  for (const slice of slices) {
    await nextTurn();
    values.push(...(JSON.parse(slice) as readonly T[]));
  }
  return values;
}
