// What a row's call looked like from outside, in the row's own names, and how that is compared with what the row expects.
import assert from 'node:assert/strict';
import { parseWithNumbers } from '../../src/grammar/json-text.ts';
import type { RecordedInvocation } from '../support/invoke-server.ts';
import type { RawReply } from '../support/raw-client.ts';
import { type HeaderLine, valuesOf } from '../support/raw-message.ts';
import type { RecordedRequest } from '../support/recording-backend.ts';
import {
  API_HOST,
  BACKEND,
  type CallCase,
  type ExpectedReply,
  type ExpectedRequest,
  type LambdaCase,
  REQUEST_ID,
} from './case.ts';

export interface Seen {
  readonly startLine: string;
  /** `Name: value` or `Name:`, sorted by name; lines of one name in their order. */
  readonly lines: readonly string[];
  readonly body: string;
}

export interface Observation {
  readonly sent: readonly Seen[];
  readonly got: Seen & { readonly status: number };
  readonly invoked: readonly SeenInvocation[];
}

export interface SeenInvocation {
  /** With `:QUALIFIER`. */
  readonly function: string;
  readonly type: string | undefined;
  readonly event: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Puts a row's names in place of what differs from run to run. */
export function observe(
  reply: RawReply,
  requests: readonly RecordedRequest[],
  invocations: readonly RecordedInvocation[],
  named: (text: string) => string,
): Observation {
  const requestId = valuesOf(reply.headers, 'apigw-requestid')[0];
  const rename = (text: string): string => {
    const traced = named(text).replace(/Root=1-[0-9a-f]{8}-[0-9a-f]{24}/g, 'Root=1-TRACE');
    return requestId === undefined ? traced : traced.replaceAll(requestId, REQUEST_ID);
  };
  const see = (startLine: string, headers: readonly HeaderLine[], body: string): Seen => ({
    startLine: rename(startLine),
    lines: sorted(
      headers.map(([name, value]) => `${name}: ${isNow(name, value) ? 'NOW' : rename(value)}`.trimEnd()),
    ),
    body: rename(body),
  });
  return {
    sent: requests.map(({ startLine, headers, body }) => see(startLine, headers, body)),
    got: { ...see(reply.startLine, reply.headers, reply.body), status: reply.status },
    invoked: invocations.map((invocation) => seeInvocation(invocation, rename)),
  };
}

/** Headers of Invoke calls that rows may speak of. */
const INVOKE_HEADERS = ['x-amzn-trace-id', 'content-type'];

function seeInvocation(
  { functionName, qualifier, type, headers, event }: RecordedInvocation,
  rename: (text: string) => string,
): SeenInvocation {
  let isRepeated = false;
  parseWithNumbers(event, () => {
    isRepeated = true;
  });
  assert.equal(isRepeated, false, 'no member of an event is there twice');
  const told = INVOKE_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [
    name,
    rename(String(headers[name])),
  ]);
  return {
    function: qualifier === undefined ? functionName : `${functionName}:${qualifier}`,
    type,
    event: withoutTime(JSON.parse(rename(event))),
    headers: Object.fromEntries(told),
  };
}

const TIME = /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/;

/** The time of an event's request is now; every run has its own. */
function withoutTime(event: { requestContext: Record<string, unknown> }): unknown {
  const context = { ...event.requestContext };
  for (const [time, epoch] of [
    ['time', 'timeEpoch'],
    ['requestTime', 'requestTimeEpoch'],
  ] as const) {
    if (!(epoch in context)) continue;
    const millis = Number(context[epoch]);
    assert.ok(Math.abs(millis - Date.now()) < 60_000, `${epoch} is now`);
    assert.match(String(context[time]), TIME);
    const utc = new Date(millis).toUTCString();
    assert.ok(utc.includes(String(context[time]).slice(12, 20)), `${time} is that of ${epoch}`);
    context[time] = 'TIME';
    context[epoch] = 0;
  }
  return { ...event, requestContext: context };
}

const isNow = (name: string, value: string): boolean =>
  name.toLowerCase() === 'date' && Math.abs(Date.parse(value) - Date.now()) < 60_000;

function sorted(lines: readonly string[]): string[] {
  const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase();
  return [...lines].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

const isNamed = (line: string, name: string): boolean => line.toLowerCase().startsWith(`${name}:`);

/** `usual` lines but those that a row writes itself. */
function withUsual(lines: readonly string[], usual: readonly string[]): string[] {
  const missing = usual.filter((line) => {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    return !lines.some((own) => isNamed(own, name));
  });
  return sorted([...lines, ...missing]);
}

/** Methods that tell the length of no body too (RFC 9110 §8.6). */
const USUALLY_WITH_BODY = /^(POST|PUT|PATCH) /;

function expectRequest(actual: Seen, expected: ExpectedRequest, anyFraming: boolean): void {
  const { line, headers = [], body = '' } = expected;
  const isChunked = headers.some((header) => isNamed(header, 'transfer-encoding'));
  const usual = [
    `Host: ${BACKEND}`,
    `Forwarded: by=127.0.0.1;for=127.0.0.1;host=${API_HOST};proto=http`,
    'Via: HTTP/1.1 AmazonAPIGateway',
    'X-Amzn-Trace-Id: Root=1-TRACE',
    ...(isChunked || (body === '' && !USUALLY_WITH_BODY.test(line))
      ? []
      : [`Content-Length: ${body.length}`]),
  ];
  const told = { startLine: `${line} HTTP/1.1`, lines: withUsual(headers, usual), body };
  if (anyFraming) assert.deepEqual(unframed(actual), unframed(told), 'what the backend got');
  else assert.deepEqual(actual, told, 'what the backend got');
}

function unframed(seen: Seen): Seen {
  const isFraming = (line: string): boolean =>
    isNamed(line, 'content-length') || isNamed(line, 'transfer-encoding');
  return { ...seen, lines: seen.lines.filter((line) => !isFraming(line)) };
}

/** Throws where two codecs made something else of a row. Reason phrases and whether the connection stays are their own. */
export function expectAgreement(one: Observation, other: Observation, row: CallCase): void {
  const comparable = ({ sent, got, invoked }: Observation): unknown => ({
    invoked,
    sent: row.anyFraming ? sent.map(unframed) : sent,
    got: { ...got, startLine: undefined, lines: got.lines.filter((line) => !isNamed(line, 'connection')) },
  });
  assert.deepEqual(comparable(one), comparable(other), 'both codecs agree');
}

const UNTOLD = ['date', 'connection', 'apigw-requestid', 'content-length'];

function expectReply(actual: Observation['got'], expected: ExpectedReply, hasLength: boolean): void {
  const { status, headers = [], absent = [], body = '' } = expected;
  const isTold = (line: string): boolean =>
    !UNTOLD.some((name) => isNamed(line, name) && !headers.some((own) => isNamed(own, name)));
  const told = { status, lines: sorted(headers), body };
  assert.deepEqual(
    { status: actual.status, lines: actual.lines.filter(isTold), body: actual.body },
    told,
    'what the client got',
  );
  for (const name of absent)
    assert.ok(!actual.lines.some((line) => isNamed(line, name)), `the client got ${name}`);
  const count = (name: string): number => actual.lines.filter((line) => isNamed(line, name)).length;
  assert.equal(count('apigw-requestid'), 1, 'one Apigw-Requestid line');
  assert.equal(count('date'), 1, 'one Date line');
  if (hasLength && !headers.some((own) => isNamed(own, 'content-length'))) {
    assert.deepEqual(
      actual.lines.filter((line) => isNamed(line, 'content-length')),
      [`Content-Length: ${body.length}`],
    );
  }
}

function expectInvocation(
  invoked: readonly SeenInvocation[],
  expected: LambdaCase,
  got: Observation['got'],
): void {
  const times = expected.called === null ? 0 : 1;
  assert.equal(invoked.length, times, `invocations; the client got ${got.status} ${got.body}`);
  const [invocation] = invoked;
  if (invocation === undefined) return;
  assert.equal(invocation.type, 'RequestResponse');
  if (expected.function !== undefined) assert.equal(invocation.function, expected.function);
  if (expected.event !== undefined) assert.deepEqual(invocation.event, expected.event, 'the event');
  for (const [path, value] of Object.entries(expected.has ?? {})) {
    assert.deepEqual(memberOf(invocation.event, path), value, `the event's ${path}`);
  }
  for (const [name, value] of Object.entries(expected.invokeHeaders ?? {})) {
    assert.equal(invocation.headers[name], value, `the Invoke call's ${name}`);
  }
}

function memberOf(event: unknown, path: string): unknown {
  let value = event;
  for (const name of path.split('/')) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = isThere ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}

/** Throws an AssertionError where an observation is not what its row says. */
export function expectObservation({ sent, got, invoked }: Observation, row: CallCase): void {
  if (row.lambda !== undefined) expectInvocation(invoked, row.lambda, got);
  const times = row.sentTimes ?? (row.sent === null || row.lambda !== undefined ? 0 : 1);
  if (
    row.sent !== undefined ||
    row.got === undefined ||
    row.got.status < 400 ||
    row.sentTimes !== undefined
  ) {
    assert.equal(sent.length, times, `backend requests; the client got ${got.status} ${got.body}`);
  }
  if (row.sent != null) {
    expectRequest(sent[0]!, row.sent, row.anyFraming === true);
  }
  const expected = row.got ?? { status: 200, body: 'ok' };
  const isChunked = (expected.headers ?? []).some((header) => isNamed(header, 'transfer-encoding'));
  expectReply(got, expected, !isChunked && expected.body !== '' && got.status !== 204 && got.status !== 304);
}
