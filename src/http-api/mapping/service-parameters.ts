// Parameters of a first-class AWS service integration: mapped values of a call → input of the service's operation
// (spec/http-api.md §3.7, Choices C26 and C73).

import { type Conversion, toBytes } from '../../backends/services/conversions.ts';
import { REGION_PARAMETER, type ServiceOperation } from '../../backends/services/operations.ts';
import { type MappingValue, printMappingValue } from '../../grammar/mapping-value.ts';
import { bufferOf } from '../../net/bytes.ts';
import type { Call } from '../call.ts';
import { compileValue, readsBody, type ValueReader, type ValueScope } from './values.ts';

interface Parameter {
  readonly name: string;
  /** As configured. */
  readonly source: string;
  readonly read: ValueReader;
  /** The value is the whole body, and bytes are wanted. */
  readonly isBody: boolean;
  readonly convert: Conversion;
}

/** What a call of the service is made with, or which parameter cannot be had. */
export type Resolved =
  | { readonly input: object; readonly region: string | undefined; readonly unresolved?: undefined }
  /** `$context.integrationErrorMessage` (spec/http-api.md §9.5). */
  | { readonly unresolved: string };

/** What goes into AWS's host names. */
const REGION = /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}$/;

const toRegion: Conversion = (text) => (REGION.test(text) ? text : undefined);

export class ServiceParameters {
  readonly readsBody: boolean;
  readonly #operation: ServiceOperation;
  readonly #parameters: readonly Parameter[];

  /** Names that the operation does not have are left out: they were refused when written. */
  constructor(operation: ServiceOperation, parameters: ReadonlyMap<string, MappingValue>, scope: ValueScope) {
    this.#operation = operation;
    this.#parameters = [...parameters].flatMap(([name, value]): Parameter[] => {
      const convert = name === REGION_PARAMETER ? toRegion : operation.conversions.get(name);
      if (convert === undefined) return [];
      const isWholeBody =
        value.kind === 'selector' && value.part.from === 'body' && value.part.path === undefined;
      return [
        {
          name,
          source: printMappingValue(value, 'request'),
          read: compileValue(value, scope),
          isBody: isWholeBody && convert === toBytes,
          convert,
        },
      ];
    });
    this.readsBody = [...parameters.values()].some(readsBody);
  }

  /** Evaluates all parameters. Each needs a value, required or not: nothing and empty text are none. */
  resolve(call: Call): Resolved {
    const values: Record<string, unknown> = {};
    let region: string | undefined;
    for (let i = 0; i < this.#parameters.length; i++) {
      const { name, source, read, isBody, convert } = this.#parameters[i]!;
      const text = read(call) ?? '';
      const value = text === '' ? undefined : isBody ? bufferOf(call.requestBytes) : convert(text);
      if (value === undefined)
        return { unresolved: `Unable to resolve property ${name} from source ${source}` };
      if (name === REGION_PARAMETER) region = value as string;
      else values[name] = value;
    }
    return { input: this.#operation.input(values), region };
  }
}
