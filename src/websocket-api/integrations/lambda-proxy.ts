// AWS_PROXY integrations: event → function → its proxy response (spec/websocket-api.md §3.3, §4.2).

import { isObject } from '../../grammar/json-object.ts';
import { TOKEN } from '../../grammar/token.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import type { Callee } from '../../stage/callee.ts';
import { parseJson } from '../../wire/json.ts';
import { decodeBase64, textOrBytes } from '../bytes.ts';
import type { SocketEvent } from '../event.ts';
import type { IntegrationStory } from '../explain/trace.ts';
import { BAD_GATEWAY } from '../failures.ts';
import type { SocketAnswer, SocketFailed, SocketIntegration } from '../stage.ts';
import { failed, NO_SENT_HEADERS } from './failed.ts';
import { callFunction, type FunctionCall, failureOf, noteOutcome } from './lambda-call.ts';
import { proxyEvent } from './lambda-event.ts';
import { passOn } from './response-plan.ts';

export class LambdaProxyIntegration implements SocketIntegration {
  readonly reply = passOn;
  readonly callee: Callee;
  readonly #target: FunctionCall;

  constructor(target: FunctionCall) {
    this.callee = target.callee;
    this.#target = target;
  }

  explain(): IntegrationStory {
    return {};
  }

  async invoke(event: SocketEvent): Promise<SocketAnswer | SocketFailed> {
    const payload = proxyEvent(event);
    const outcome = await callFunction(event, this.#target, payload, NO_SENT_HEADERS, 'RequestResponse');
    noteOutcome(event, outcome);
    const failure = failureOf(outcome);
    if (failure !== undefined) return failure;
    const answer = readResponse(outcome.kind === 'returned' ? outcome.payload : '');
    if (answer === undefined) return failed(BAD_GATEWAY, 'Malformed Lambda proxy response');
    event.functionStatus = answer.status;
    return answer;
  }
}

const MEMBERS: ReadonlySet<string> = new Set([
  'statusCode',
  'headers',
  'multiValueHeaders',
  'body',
  'isBase64Encoded',
]);

/** A function's answer by the contract of §3.3.6; undefined for a malformed one. */
function readResponse(payload: string): SocketAnswer | undefined {
  let value: unknown;
  try {
    value = parseJson(payload);
  } catch {
    return undefined;
  }
  if (!isObject(value) || Object.keys(value).some((member) => !MEMBERS.has(member))) return undefined;
  const status = statusOf(value.statusCode);
  const pairs = headerPairs(value.headers, value.multiValueHeaders);
  const body = bodyOf(value.body, value.isBase64Encoded);
  if (status === undefined || pairs === undefined || body === undefined) return undefined;
  return { kind: 'answered', status, headers: HeaderBlock.fromPairs(pairs), body };
}

function statusOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 200;
  const status = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}

function headerPairs(headers: unknown, multiValueHeaders: unknown): string[] | undefined {
  const pairs: string[] = [];
  const add = (name: string, value: unknown): boolean => {
    if (!['string', 'number', 'boolean'].includes(typeof value)) return false;
    const text = String(value);
    // What cannot stand in a header line has no effect here.
    if (TOKEN.test(name) && !/[\r\n\0]/.test(text)) pairs.push(name, text);
    return true;
  };
  if (headers !== undefined && headers !== null) {
    if (!isObject(headers)) return undefined;
    for (const [name, value] of Object.entries(headers)) if (!add(name, value)) return undefined;
  }
  if (multiValueHeaders !== undefined && multiValueHeaders !== null) {
    if (!isObject(multiValueHeaders)) return undefined;
    for (const [name, values] of Object.entries(multiValueHeaders)) {
      if (!Array.isArray(values) || !values.every((value) => add(name, value))) return undefined;
    }
  }
  return pairs;
}

function bodyOf(value: unknown, isBase64Encoded: unknown): string | Buffer | undefined {
  if (isBase64Encoded !== undefined && isBase64Encoded !== null && typeof isBase64Encoded !== 'boolean') {
    return undefined;
  }
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return undefined;
  if (isBase64Encoded !== true) return value;
  const bytes = decodeBase64(value);
  return bytes === undefined ? undefined : textOrBytes(bytes);
}
