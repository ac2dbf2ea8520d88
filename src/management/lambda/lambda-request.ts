// An Invoke request of the Lambda API, read and checked (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
import { isUtf8 } from 'node:buffer';
import type { FunctionArn } from '../../grammar/arn.ts';
import { parseFunctionName } from '../../grammar/function-name.ts';
import { GrammarError } from '../../grammar/grammar-error.ts';
import { partitionOf } from '../../grammar/management-arn.ts';
import { decodePercent } from '../../grammar/percent.ts';
import { type Bytes, bufferOf } from '../../net/bytes.ts';
import type { Exchange } from '../../net/exchange.ts';
import { unknownOperation } from '../../wire/errors.ts';
import type { Caller } from '../caller.ts';
import {
  invalidContent,
  invalidMember,
  invalidParameter,
  otherRegion,
  requestTooLarge,
} from './lambda-errors.ts';

export type InvocationType = (typeof TYPES)[number];

export interface InvokeRequest {
  readonly type: InvocationType;
  /** Whether the end of the function's log is asked for. */
  readonly tail: boolean;
  /** JSON text of one line. */
  readonly clientContext: string | undefined;
  /** JSON text. */
  readonly event: string;
}

const TYPES = ['Event', 'RequestResponse', 'DryRun'] as const;
const LOG_TYPES = ['None', 'Tail'] as const;

/** Of an asynchronous call; a synchronous one is limited by what the door reads. */
const MAX_EVENT_BYTES = 1_048_576;

const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/s;

const NAME_RULE =
  'Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?' +
  '(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';
const QUALIFIER_RULE = 'Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)';

/** Members that ask for what functions here are not, by their headers. */
const REFUSED_HEADERS: readonly (readonly [header: string, member: string])[] = [
  ['x-amz-tenant-id', 'TenantId'],
  ['x-amz-durable-execution-name', 'DurableExecutionName'],
];

/** The function that the target of an Invoke request names. Throws ServiceError. */
export function readFunctionArn(method: string, target: string, { account, region }: Caller): FunctionArn {
  const match = method === 'POST' ? PATH.exec(target) : null;
  if (match === null) throw unknownOperation();
  const name = decodePercent(match[1]!) ?? match[1]!;
  const arn = parseName(name, { account, region });
  if (arn.region !== region) throw otherRegion(arn.region, region);
  const given = new URLSearchParams(match[2] ?? '').get('Qualifier') ?? '';
  if (given === '') return arn;
  if (!/^[A-Za-z0-9$_-]{1,128}$/.test(given)) throw invalidMember('qualifier', given, QUALIFIER_RULE);
  if (arn.qualifier !== undefined && arn.qualifier !== given) {
    throw invalidParameter(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  return { ...arn, qualifier: given };
}

function parseName(name: string, { account, region }: Caller): FunctionArn {
  try {
    return parseFunctionName(name, { partition: partitionOf(region), account, region });
  } catch (error) {
    if (error instanceof GrammarError) throw invalidMember('functionName', name, NAME_RULE);
    throw error;
  }
}

/** What else the request says. Throws ServiceError. */
export function readInvokeRequest({ headers }: Exchange, body: Bytes): InvokeRequest {
  const type = oneOf('invocationType', TYPES, headers.first('x-amz-invocation-type') ?? 'RequestResponse');
  const tail = oneOf('logType', LOG_TYPES, headers.first('x-amz-log-type') ?? 'None') === 'Tail';
  for (const [header, member] of REFUSED_HEADERS) {
    if (headers.first(header) !== undefined)
      throw invalidParameter(`${member} is not supported for this function.`);
  }
  const given = headers.first('x-amz-client-context');
  if (type === 'Event' && body.length > MAX_EVENT_BYTES) {
    throw requestTooLarge(
      `${body.length} byte payload is too large for the Event invocation type (limit ${MAX_EVENT_BYTES} bytes)`,
    );
  }
  return {
    type,
    tail: tail && type === 'RequestResponse',
    clientContext: given === undefined ? undefined : readClientContext(given),
    event: readEvent(body),
  };
}

/** The body's text as it is, `{}` for none. */
function readEvent(body: Bytes): string {
  if (body.length === 0) return '{}';
  const bytes = bufferOf(body);
  if (!isUtf8(bytes)) throw invalidContent('Invalid UTF-8');
  const text = bytes.toString('utf8');
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidContent(error instanceof Error ? error.message : String(error));
  }
  return text;
}

/** Base64 of a JSON object. */
function readClientContext(given: string): string {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(given, 'base64').toString('utf8'));
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter('Client context must be a valid Base64-encoded JSON object.');
  }
  return JSON.stringify(value);
}

function oneOf<const T extends string>(member: string, values: readonly T[], given: string): T {
  const found = values.find((each) => each === given);
  if (found !== undefined) return found;
  throw invalidMember(member, given, `Member must satisfy enum value set: [${values.join(', ')}]`);
}
