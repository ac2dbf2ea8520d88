// What an AWS service integration did with one request, read off its call (decision 0017; spec/http-api.md §3.7).
import type { MappingValue } from '../../grammar/mapping-value.ts';
import type { Call } from '../call.ts';
import type { ServiceParameters } from '../mapping/service-parameters.ts';
import type { ValueScope } from '../mapping/values.ts';
import { explainParameters } from './mappings.ts';
import { NOTHING_DONE, type RequestStory } from './trace.ts';

/** What is called, and with what. */
export interface ServiceTarget {
  readonly operation: { readonly subtype: string };
  /** Where no parameter says another. */
  readonly region: string;
  readonly roleArn: string;
  readonly parameters: ServiceParameters;
  readonly configured: {
    readonly parameters: ReadonlyMap<string, MappingValue>;
    readonly scope: ValueScope;
  };
}

export function explainServiceCall(call: Call, target: ServiceTarget): RequestStory {
  if (call.reply === undefined && call.failure === undefined) return NOTHING_DONE;
  const { operation, region, roleArn, parameters, configured } = target;
  const resolved = parameters.resolve(call);
  const called =
    resolved.unresolved === undefined
      ? {
          serviceCall: {
            operation: operation.subtype,
            region: resolved.region ?? region,
            roleArn,
            input: readable(resolved.input),
          },
        }
      : {};
  return {
    called,
    requestMappings: explainParameters(call, configured.parameters, configured.scope),
  };
}

/** With bytes in base64. */
function readable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readable(member)]));
}
