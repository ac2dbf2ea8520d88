// What a finished call did, read off its plans: every mapping with its value before and after (decision 0017). The
// request path knows nothing of this; the trace is made afterwards from what the call still holds.
import { isUtf8 } from 'node:buffer';
import type { RequestChange, ResponseChange } from '../grammar/mapping.ts';
import { type MappingValue, printMappingValue } from '../grammar/mapping-value.ts';
import type { HeaderBlock } from '../net/header-block.ts';
import { queryValue } from '../stage/query.ts';
import type { Call } from './call.ts';
import { compileValue, tellsCaller, type ValueScope } from './mapping/values.ts';

/** One mapping of a trace. Absent members: there was no value. */
export interface MappingStep {
  /** As configured: `overwrite:header.x-stage`. */
  readonly key: string;
  /** As configured; absent for `remove`. */
  readonly value?: string;
  /** What the value came to; absent when it resolved to nothing and the mapping was skipped. */
  readonly result?: string;
  /** The value did not exist, and what the client sent went (spec/http-api.md §4.13). */
  readonly cleared?: true;
  readonly before?: string;
  readonly after?: string;
}

/** Of a Lambda integration. */
export interface FunctionCall {
  readonly functionArn: string;
  readonly format: '1.0' | '2.0';
  /** JSON text, at most 65,536 characters. */
  readonly event: string;
  /** What became of the call: `returned`, `functionError`, `refused: …`. */
  readonly outcome: string;
  /** What the function returned, or Lambda's error document, at most 65,536 characters. */
  readonly answer?: string;
}

/** Everything that happened to one request. */
export interface Trace {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
  };
  readonly requestId: string;
  /** Why a client could not send it to this gateway. */
  readonly notes?: readonly string[];
  /** Behind a custom domain: what of it led to the stage. */
  readonly domain?: {
    /** As configured: `*.example.com`. */
    readonly name: string;
    readonly kind: 'mapping' | 'rule';
    readonly id: string;
    /** The mapping key or the rule's base path; may be empty. */
    readonly basePath: string;
  };
  readonly stage?: {
    readonly apiId: string;
    readonly accountId: string;
    readonly region: string;
    readonly name: string;
    readonly deploymentId: string;
    readonly variables: Readonly<Record<string, string>>;
    /** Decoded path without the stage. */
    readonly path: string;
  };
  readonly route?: {
    readonly key: string;
    readonly routeId: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  readonly authorization?: { readonly type: string; readonly result: string };
  readonly requestMappings: readonly MappingStep[];
  readonly backendRequest?: {
    readonly origin: string;
    readonly line: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly bodyBytes: number;
  };
  readonly functionCall?: FunctionCall;
  /** Of a first-class AWS service integration. */
  readonly serviceCall?: {
    /** `SQS-SendMessage`. */
    readonly operation: string;
    readonly region: string;
    readonly roleArn: string;
    /** Of the SDK's command, bytes in base64. */
    readonly input: unknown;
  };
  readonly backendReply?: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
  };
  readonly responseMappings: readonly MappingStep[];
  /** Why the gateway answered by itself. */
  readonly refused?: string;
  /** The entry that was written to the stage's access log. */
  readonly accessLog?: string;
  readonly reply: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    /** Text of the body, at most 4,096 characters. */
    readonly body: string;
    readonly bodyBytes: number;
  };
  readonly millis: number;
}

/** The steps of the request mappings. `sent` is the header section of the backend request, `target` its request target. */
export function explainRequestMappings(
  call: Call,
  changes: readonly RequestChange[],
  scope: ValueScope,
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

/** The steps of the response mappings that applied. `sent` is the header section of the reply to the client. */
export function explainResponseMappings(
  call: Call,
  changes: readonly ResponseChange[],
  scope: ValueScope,
  sent: HeaderBlock,
  status: number,
): MappingStep[] {
  const reply = call.reply!;
  return changes.map((change) => {
    const step = valueStep(call, change, scope);
    if (change.at === 'status') return { ...step, ...members(String(reply.status), String(status)) };
    return { ...step, ...around(reply.headers, sent, change.name) };
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

/** A value as people read it: the bytes of a head are latin1 here, and UTF-8 where a mapping wrote them. */
export function printHeaderValue<V extends string | undefined>(value: V): V | string {
  if (value === undefined || !/[\x80-\xff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

function members(before: string | undefined, after: string | undefined): { before?: string; after?: string } {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
