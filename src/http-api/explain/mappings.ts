// The mappings of a call that is over, each with its value before and after (decision 0017): evaluated again on what the call
// still holds, which gives the same values.
import type { RequestChange, ResponseChange } from '../../grammar/mapping.ts';
import { type MappingValue, printMappingValue } from '../../grammar/mapping-value.ts';
import type { HeaderBlock } from '../../net/header-block.ts';
import type { MappingStep } from '../../stage/mapping-step.ts';
import { printHeaderValue } from '../../stage/print-headers.ts';
import { queryValue } from '../../stage/query.ts';
import type { Call } from '../call.ts';
import { compileValue, tellsCaller, type ValueScope } from '../mapping/values.ts';

import type { SentReply } from './trace.ts';

/** Request mappings as they were configured, with what their values are compiled against. */
export interface RequestMappings {
  readonly changes: readonly RequestChange[];
  readonly scope: ValueScope;
}

export interface ResponseMappings {
  /** By the status that they are for. */
  readonly changes: ReadonlyMap<number, readonly ResponseChange[]>;
  readonly scope: ValueScope;
}

/** The steps of the request mappings. `sent` is the header section of the backend request, `target` its request target. */
export function explainRequestMappings(
  call: Call,
  { changes, scope }: RequestMappings,
  sent: HeaderBlock,
  target: string,
): MappingStep[] {
  const mark = target.indexOf('?');
  const query = mark < 0 ? '' : target.slice(mark + 1);
  return changes.map((change) => {
    const valued = valueStep(call, change, scope);
    const step: MappingStep =
      valued.result === undefined && clears(change, scope) ? { ...valued, cleared: true } : valued;
    if (change.at === 'header') return { ...step, ...around(call.exchange.headers, sent, change.name) };
    if (change.at === 'path')
      return { ...step, ...members(call.path, mark < 0 ? target : target.slice(0, mark)) };
    return { ...step, ...members(queryValue(call.query, change.name), queryValue(query, change.name)) };
  });
}

/** The steps of a service operation's parameters. */
export function explainParameters(
  call: Call,
  parameters: ReadonlyMap<string, MappingValue>,
  scope: ValueScope,
): MappingStep[] {
  return [...parameters].map(([key, value]) => {
    const step = valueStep(call, { key, action: 'overwrite', value }, scope);
    return { ...step, ...members(undefined, step.result) };
  });
}

/** The steps of the response mappings of the reply's status; none without a reply. */
export function explainResponseMappings(
  call: Call,
  { changes, scope }: ResponseMappings,
  sent: SentReply,
): MappingStep[] {
  const { reply } = call;
  if (reply === undefined) return [];
  return (changes.get(reply.status) ?? []).map((change) => {
    const step = valueStep(call, change, scope);
    if (change.at === 'status') return { ...step, ...members(String(reply.status), String(sent.status)) };
    return { ...step, ...around(reply.headers, sent.headers, change.name) };
  });
}

function valueStep(
  call: Call,
  change: { readonly key: string; readonly action: string; readonly value?: MappingValue },
  scope: ValueScope,
): MappingStep {
  if (change.value === undefined) return { key: change.key };
  const result = compileValue(change.value, scope)(call);
  return {
    key: change.key,
    value: printMappingValue(change.value, scope.side),
    ...(result === undefined ? {} : { result }),
  };
}

/** Whether a value that does not exist removes what the client sent. */
function clears(change: RequestChange, scope: ValueScope): boolean {
  return change.action === 'overwrite' && change.at !== 'path' && tellsCaller(change.value, scope);
}

function around(before: HeaderBlock, after: HeaderBlock, name: string): { before?: string; after?: string } {
  const lower = name.toLowerCase();
  return members(printHeaderValue(before.joined(lower)), printHeaderValue(after.joined(lower)));
}

function members(before: string | undefined, after: string | undefined): { before?: string; after?: string } {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
