// The operations of the API Gateway V2 management API and the types of what they take and give
// (spec/management-api.md §1.2), derived from the AWS SDK's own model (decision 0006).
import type { OperationTypes } from './model.generated.ts';
import { operations as generated } from './model.generated.ts';
import type { OperationModel } from './shape.ts';

export type OperationName = keyof OperationTypes;
/** The operations that change nothing: those of GET. */
export type ReadOperationName = Extract<OperationName, `Get${string}` | `List${string}` | 'ExportApi'>;
export type Operation = OperationModel<OperationName>;

/** All 103 operations. */
export const operations: readonly Operation[] = generated;

const byName = new Map<string, Operation>(operations.map((operation) => [operation.name, operation]));

/** The operation of a name. */
export function operationNamed(name: OperationName): Operation {
  return byName.get(name)!;
}

/** What a handler gets: parsed, required members present, absent members absent. */
export type Input<N extends OperationName> = Parsed<OperationTypes[N]['input']>;

/** What a handler gives: the SDK's output without its metadata, `undefined` members are not sent, timestamps may be ISO
 *  strings. Operations without output give nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is the return type of handlers
export type Output<N extends OperationName> = keyof Members<N> extends never ? void : Printable<Members<N>>;

type Members<N extends OperationName> = Omit<OperationTypes[N]['output'], '$metadata'>;

type Parsed<T> = T extends string | number | boolean
  ? T
  : T extends Date
    ? string
    : T extends readonly (infer Item)[]
      ? readonly Parsed<Item>[]
      : { readonly [K in keyof T]: Parsed<Exclude<T[K], undefined>> };

type Printable<T> = T extends string | number | boolean | undefined
  ? T
  : T extends Date
    ? string | Date
    : T extends Uint8Array
      ? string | Uint8Array
      : T extends readonly (infer Item)[]
        ? readonly Printable<Item>[]
        : { readonly [K in keyof T]: Printable<T[K]> };
