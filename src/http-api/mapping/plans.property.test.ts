// Laws of the request and reply plans: no mapped value ends a line, the order of entries means nothing (spec/http-api.md
// §4.7, Choice C36), and the result is what the reference algorithm of §4.19 says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { parseRequestMappings, parseResponseMappings } from '../../grammar/mapping.ts';
import { parseMappingValue } from '../../grammar/mapping-value.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { InjectedExchange } from '../../net/http1/inject.ts';
import { MALFORMED, scanHeaderLines } from '../../net/http1/scan.ts';
import { WholeBody } from '../../net/whole-body.ts';
import { headerValueOf, textOfHeader } from '../../stage/header-value.ts';
import { queryValue } from '../../stage/query.ts';
import { Call } from '../call.ts';
import { compileRouter } from '../router.ts';
import type { HttpStage } from '../stage.ts';
import { compilePathValue, compileUriPath, type UriPathPart } from './path-value.ts';
import { ReplyPlan } from './reply-plan.ts';
import { RequestPlan } from './request-plan.ts';
import type { ValueScope } from './values.ts';

/** Has no value in a call without authorizer. */
const CALLER = '$context.authorizer.claims.org';
const TRACE = ['X-Amzn-Trace-Id', 'Root=1-0-0'];

/** Text with everything in it that could end a line, a path or a query. */
const nasty = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    '7',
    ' ',
    '\r',
    '\n',
    '\0',
    '\t',
    ':',
    '/',
    '?',
    '#',
    '&',
    '=',
    '%',
    '+',
    'é',
    '☕',
    '"',
    '\u0085',
    '\u2028',
    '.',
    '..',
    '\\',
    ';',
    '%2e',
    '%2F',
  ),
  maxLength: 12,
});
const headerName = fc.constantFrom(
  'x-a',
  'X-A',
  'x-b',
  'X-C',
  'cookie',
  'accept',
  'x-forwarded-port',
  'trailer',
  'host',
);
/** Header values as the codec lets them through: no control characters but tab, no outer blanks. */
const sentValue = fc
  .string({
    unit: fc.constantFrom('a', 'b', ' ', '\t', ',', '\u00c3', '\u00a9', '\u00ff', '"'),
    maxLength: 8,
  })
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''));
const sentHeaders = fc.array(fc.tuple(headerName, sentValue), { maxLength: 5 });
const value = fc.constantFrom(
  '$request.header.x-a',
  '$request.header.x-none',
  '$request.querystring.q',
  '$request.path.id',
  '$request.path',
  '$request.body.v',
  '$stageVariables.v',
  '$stageVariables.none',
  '$context.stage',
  'static',
  'é☕',
  'v=${request.path.id};${request.header.x-none}${stageVariables.v}',
  '/s/$request.path.id',
  CALLER,
);
const pathText = fc
  .array(
    fc.constantFrom(
      '/',
      '/a',
      '.',
      '?',
      '${request.path.id}',
      '${request.querystring.q}',
      '${stageVariables.v}',
      '%2E',
      ';b',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));
const suffix = fc.constantFrom('', '', '', '.1', '.02', '.10', '.1.5');
const requestEntry = fc.oneof(
  fc.tuple(
    fc
      .tuple(fc.constantFrom('append', 'overwrite', 'remove'), headerName, suffix)
      .map(([action, name, behind]) => `${action}:header.${name}${behind}`),
    value,
  ),
  fc.tuple(
    fc
      .tuple(
        fc.constantFrom('append', 'overwrite', 'remove'),
        fc.constantFrom('q', 'Q', 'a b', 'é', 'x=y'),
        suffix,
      )
      .map(([action, name, behind]) => `${action}:querystring.${name}${behind}`),
    value,
  ),
  fc.tuple(fc.constant('overwrite:path'), fc.oneof(value, pathText)),
);
const entries = fc.uniqueArray(requestEntry, { selector: ([key]) => key, maxLength: 8 });

interface Given {
  readonly headers: readonly (readonly [string, string])[];
  readonly id: string;
  readonly variable: string;
  readonly query: string;
}

const given: fc.Arbitrary<Given> = fc.record({
  headers: sentHeaders,
  id: nasty,
  variable: nasty,
  query: fc.constantFrom('', 'q=1', 'q=a%0d%0ab&Q=2&&q', 'a%20b=1&x%3Dy=2', 'q=%zz'),
});

function callOf({ headers, id, variable, query }: Given): Call {
  const stage: HttpStage = {
    accountId: '123456789012',
    region: 'us-east-1',
    apiId: 'a1b2c3d4e5',
    name: 'prod',
    deploymentId: 'd1',
    variables: new Map([['v', variable]]),
    cors: undefined,
    executeApiDisabled: false,
    throttle: undefined,
    watch: { onOver() {}, accessLogEntry: () => undefined },
    router: compileRouter([]),
  };
  const pairs = [...headers.filter(([name]) => name.toLowerCase() !== 'host').flat(), ...TRACE];
  const exchange = new InjectedExchange({ target: '/', headers: pairs, host: 'api.test' }, () => {});
  const domain = { name: 'api.test', prefix: 'api', forwardedHost: 'api.test' };
  const call = new Call(exchange, stage, domain, `/things/${id}`, `/prod/things/${id}`, query);
  call.values = [id];
  call.body = new WholeBody(Buffer.from(JSON.stringify({ v: variable })));
  call.readRequest({ onRequest() {} });
  return call;
}

function scopeOf(call: Call, side: ValueScope['side']): ValueScope {
  return { side, stageVariables: call.stage.variables, variableNames: ['id'] };
}

function requestPlan(call: Call, map: Readonly<Record<string, string>>): RequestPlan {
  const parts = [
    { kind: 'literal', text: '/base/' },
    { kind: 'variable', name: 'id' },
  ] as const;
  const target = {
    method: 'ANY',
    host: 'backend.test',
    path: compileUriPath(parts, ['id'], undefined, false),
    query: 'u=1',
  };
  return new RequestPlan(target, parseRequestMappings(map), scopeOf(call, 'request'), '127.0.0.1');
}

function parsed(head: string): { line: string; headers: HeaderBlock } {
  const end = head.indexOf('\r\n');
  const lines = `${head.slice(end + 2)}\r\n`;
  const spans: number[] = [];
  const behind = scanHeaderLines(lines, 0, spans);
  assert.notEqual(behind, MALFORMED);
  assert.equal(behind, lines.length, 'the head ends where it should');
  return { line: head.slice(0, end), headers: new HeaderBlock(lines, spans, lines.length - 2) };
}

test('whatever values are mapped, a backend request is one well-formed head with no line more', () => {
  fc.assert(
    fc.property(given, entries, (request, list) => {
      const call = callOf(request);
      const head = requestPlan(call, Object.fromEntries(list)).build(call);
      if (typeof head !== 'string') return;
      const { line, headers } = parsed(head);
      assert.match(line, /^GET \/[!"$-~]* HTTP\/1\.1$/);
      assert.equal(line.split('?').length <= 2 || !line.split('?')[0]!.includes('#'), true);
      const known = new Set(['host', 'forwarded', 'via', 'x-amzn-trace-id']);
      for (const [name] of request.headers) known.add(name.toLowerCase());
      for (const [key] of list)
        known.add(
          key
            .slice(key.indexOf('.') + 1)
            .replace(SUFFIX, '')
            .toLowerCase(),
        );
      for (let i = 0; i < headers.count; i++)
        assert.ok(known.has(headers.name(i).toLowerCase()), headers.name(i));
      assert.equal(
        headers.joined('host')?.includes(','),
        headers.first('host')?.includes(','),
        'one Host line',
      );
    }),
    { numRuns: NUM_RUNS },
  );
});

test('the order of entries means nothing', () => {
  fc.assert(
    fc.property(
      given,
      entries.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      (request, [list, shuffled]) => {
        const call = callOf(request);
        const build = (each: typeof list) => requestPlan(call, Object.fromEntries(each)).build(call);
        assert.equal(build(shuffled), build(list));
      },
    ),
    { numRuns: NUM_RUNS },
  );
});

test('§4.7: no value makes a dot segment or another authority, however it is written', () => {
  const config = fc.tuple(pathText, fc.constantFrom('/base/', '/', '/a/b/'));
  fc.assert(
    fc.property(given, config, (request, [text, base]) => {
      const call = callOf(request);
      const scope = scopeOf(call, 'request');
      const parts: UriPathPart[] = [
        { kind: 'literal', text: base },
        { kind: 'variable', name: 'id' },
      ];
      const uri = compileUriPath(parts, ['id'], 'id', false);
      const overwrite = compilePathValue(parseMappingValue(text, 'request'), scope, uri);
      for (const [path, isData] of [
        [uri(call), true],
        [overwrite.path(call), /^\/?\$/.test(text)],
      ] as const) {
        if (path === undefined) continue;
        assert.match(path, /^\//);
        if (isData) assert.doesNotMatch(path, /^\/\//);
        // Segments without configured dots are data's alone.
        if (/\.|%2E/.test(text) && path !== uri(call)) continue;
        for (const segment of segmentsOf(path)) assert.doesNotMatch(segment, /^\.\.?(?:;.*)?$/s, path);
      }
    }),
    { numRuns: NUM_RUNS },
  );
});

/** Of a path as the most lenient backend reads it. */
function segmentsOf(path: string): readonly string[] {
  let text = path;
  for (let i = 0; i < 4; i++) text = text.replace(/%(25|2e|2f|5c|3b)/gi, (each) => unescape(each));
  return text.split(/[/\\]/);
}

const SUFFIX = /(?:\.[0-9]+)+$/;

function suffixNumbers(key: string): readonly number[] {
  return (SUFFIX.exec(key)?.[0] ?? '').split('.').slice(1).map(Number);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, i) => number !== b[i]);
  return at < 0 ? a.length - b.length : at >= b.length ? 1 : a[at]! - b[at]!;
}

/** §4.19 for headers, literally, on pairs. */
function referenceHeaders(
  sent: readonly (readonly [string, string])[],
  list: readonly (readonly [string, string])[],
  read: (text: string) => string | undefined,
): string[] {
  let pairs = sent.map(([name, text]) => [name, text, true] as readonly [string, string, boolean]);
  const inOrder = (a: string, b: string) =>
    compareNumbers(suffixNumbers(a), suffixNumbers(b)) || Buffer.compare(Buffer.from(a), Buffer.from(b));
  for (const action of ['remove', 'overwrite', 'append']) {
    for (const [key, text] of [...list].sort(([a], [b]) => inOrder(a, b))) {
      if (!key.startsWith(`${action}:header.`)) continue;
      const name = key.slice(`${action}:header.`.length).replace(SUFFIX, '');
      if (['trailer', 'host'].includes(name.toLowerCase())) continue;
      const result = action === 'remove' ? undefined : read(text);
      const isOther = ([other]: readonly [string, string, boolean]) =>
        other.toLowerCase() !== name.toLowerCase();
      if (action === 'overwrite' && result === undefined && text === CALLER) {
        pairs = pairs.filter((pair) => isOther(pair) || !pair[2]);
      }
      if (action !== 'remove' && result === undefined) continue;
      if (action !== 'append') pairs = pairs.filter(isOther);
      if (result !== undefined) {
        pairs.push([name, headerValueOf(result).replace(/^[ \t]+|[ \t]+$/g, ''), false]);
      }
    }
  }
  return pairs.map(([name, text]) => `${name}: ${text}`).sort();
}

test('headers come out as the reference algorithm says', () => {
  fc.assert(
    fc.property(given, entries, (request, list) => {
      const call = callOf(request);
      const head = requestPlan(call, Object.fromEntries(list)).build(call);
      if (typeof head !== 'string') return;
      const { headers } = parsed(head);
      const own = new Set(['host', 'forwarded', 'via', 'x-amzn-trace-id']);
      const sent = request.headers.filter(
        ([name]) => !['trailer', 'host', 'x-forwarded-port'].includes(name.toLowerCase()),
      );
      const all: Record<string, string | undefined> = {
        '$request.header.x-a': headerText(request, 'x-a'),
        '$request.querystring.q': queryValue(request.query, 'q'),
        '$request.path.id': request.id,
        '$request.path': `/things/${request.id}`,
        '$request.body.v': request.variable,
        '$stageVariables.v': request.variable,
        '$context.stage': 'prod',
        static: 'static',
        'é☕': 'é☕',
        'v=${request.path.id};${request.header.x-none}${stageVariables.v}': `v=${request.id};${request.variable}`,
        '/s/$request.path.id': `/s/${request.id}`,
      };
      const seen = Array.from(
        { length: headers.count },
        (_, i) => `${headers.name(i)}: ${headers.value(i)}`,
      ).filter((line) => !own.has(line.slice(0, line.indexOf(':')).toLowerCase()));
      assert.deepEqual(
        seen.sort(),
        referenceHeaders(sent, list, (text) => all[text]),
      );
    }),
    { numRuns: NUM_RUNS },
  );
});

function headerText(request: Given, lowerName: string): string | undefined {
  const values = request.headers.filter(([name]) => name.toLowerCase() === lowerName).map(([, text]) => text);
  return values.length === 0 ? undefined : textOfHeader(values.join(','));
}

test('whatever a backend sends and a mapping adds, the reply is well-formed and in any order the same', () => {
  const replyName = fc.constantFrom(
    'X-Err',
    'x-err',
    'Server',
    'Set-Cookie',
    'Date',
    'ETag',
    'Connection',
    'Keep-Alive',
  );
  const replyEntry = fc.tuple(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('append', 'overwrite', 'remove'), replyName)
        .map(([action, name]) =>
          name === 'Connection' || name === 'Keep-Alive'
            ? `${action}:header.x-k`
            : `${action}:header.${name}`,
        ),
      fc.constant('overwrite:statuscode'),
    ),
    fc.constantFrom(
      '$response.body.v',
      '$response.header.x-err',
      '$stageVariables.v',
      'static',
      '403',
      '204',
      '$context.status',
    ),
  );
  const list = fc.uniqueArray(replyEntry, { selector: ([key]) => key, maxLength: 6 });
  const headers = fc.array(fc.tuple(replyName, sentValue), { maxLength: 6 });
  fc.assert(
    fc.property(
      given,
      headers,
      list.chain((each) =>
        fc.tuple(fc.constant(each), fc.shuffledSubarray(each, { minLength: each.length })),
      ),
      (request, sent, [configured, shuffled]) => {
        const call = callOf(request);
        const block = HeaderBlock.fromPairs(sent.flat());
        call.reply = { status: 500, headers: block, canonical: false, body: new WholeBody('') };
        call.setReplyBytes(Buffer.from(JSON.stringify({ v: request.variable })));
        const build = (each: typeof configured) => {
          const changes = parseResponseMappings({ 500: Object.fromEntries(each) }).get(500) ?? [];
          const plan = new ReplyPlan(changes, scopeOf(call, 'response'), false);
          return { status: plan.status(call, call.reply!), lines: plan.headerLines(call, call.reply!) };
        };
        const reply = build(configured);
        assert.ok(reply.status >= 200 && reply.status <= 599);
        const { headers: out } = parsed(`HTTP/1.1 200 OK\r\n${reply.lines}`);
        for (let i = 0; i < out.count; i++) assert.match(out.name(i), /^[A-Z][a-z]*(-[A-Z][a-z]*)*$/);
        assert.equal(out.joined('apigw-requestid'), call.exchange.requestId);
        assert.equal(out.first('connection') ?? out.first('keep-alive'), undefined);
        const withoutDate = (lines: string) => lines.replace(/^Date: .*\r\n/gm, '');
        assert.deepEqual(
          { ...build(shuffled), lines: withoutDate(build(shuffled).lines) },
          { ...reply, lines: withoutDate(reply.lines) },
        );
      },
    ),
    { numRuns: NUM_RUNS },
  );
});
