// A service's answer as it came over the wire: status, headers and bytes (spec/http-api.md §3.7).
import type { Readable } from 'node:stream';

/** Largest answer taken, in bytes (spec/http-api.md §3.8). */
const MAX_ANSWER_BYTES = 10_485_760;

export interface ServiceAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The answer is larger than MAX_ANSWER_BYTES. */
export class OversizeError extends Error {}

/** Reads what the SDK's HTTP handler got. Throws OversizeError, and the connection's error. */
export async function readAnswer(response: unknown): Promise<ServiceAnswer> {
  const { statusCode, headers, body } = response as {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Readable;
  };
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the stream.
    if (length > MAX_ANSWER_BYTES) throw new OversizeError('the answer is too large');
    chunks.push(chunk);
  }
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { status: statusCode, headers: Object.fromEntries(lower), body: Buffer.concat(chunks) };
}

const PASSED = /^(?:content-encoding|date|configuration-version|x-amzn?-.*)$/;

/** The headers that clients get, flat [name, value, …]. `contentType` is what the service itself sends: emulators do not
 *  all do so. */
export function passedHeaders(answer: ServiceAnswer, contentType: string | undefined): string[] {
  const { headers } = answer;
  const given = headers['content-type'];
  const own = contentType !== undefined && isFromService(answer, contentType) ? contentType : given;
  const passed = Object.entries(headers).filter(([name]) => PASSED.test(name));
  return [...(own === undefined ? [] : ['content-type', own]), ...passed.flat()];
}

/** Whether the body is of the service's kind, not the page of something in between. */
function isFromService({ headers, body }: ServiceAnswer, contentType: string): boolean {
  if (contentType !== 'text/xml') return body.length === 0 || body[0] === 0x7b;
  return !/html/.test(headers['content-type'] ?? '');
}

/** What an error answer says, with its code: `ExecutionDoesNotExist: Execution does not exist`. */
export function errorMessageOf(answer: ServiceAnswer): string {
  const parts = [errorCodeOf(answer), messageInBody(answer.body.toString('utf8'))].filter((part) => part);
  return parts.length === 0 ? `The AWS service answered with status ${answer.status}` : parts.join(': ');
}

const QUERY_CODE = /<Code>([^<]*)<\/Code>/;
const QUERY_MESSAGE = /<Message>([^<]*)<\/Message>/;

/** The code of an error answer, without namespace: `AccessDeniedException`. */
export function errorCodeOf({ headers, body }: ServiceAnswer): string | undefined {
  const text = headers['x-amzn-errortype'] ?? typeInBody(body.toString('utf8'));
  return text?.replace(/:.*$/s, '').replace(/^.*#/s, '');
}

function typeInBody(text: string): string | undefined {
  return text.startsWith('{') ? member(text, '__type', 'code') : QUERY_CODE.exec(text)?.[1];
}

function messageInBody(text: string): string | undefined {
  return text.startsWith('{') ? member(text, 'message', 'Message') : QUERY_MESSAGE.exec(text)?.[1];
}

/** The first of two members of a JSON object that is text. */
function member(text: string, first: string, second: string): string | undefined {
  try {
    const document = JSON.parse(text);
    return [document[first], document[second]].find((value) => typeof value === 'string');
  } catch {
    return undefined;
  }
}
