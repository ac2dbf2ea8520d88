// Every reader of JSON that is sent to the gateway, by nst/JSONTestSuite: `y_` is accepted, `n_` refused, `i_` either.
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { compileJsonPath, JsonBody } from '../../src/grammar/json-path.ts';
import { findJson } from '../../src/grammar/json-scan.ts';
import { printJson } from '../../src/grammar/json-text.ts';
import { readResponse } from '../../src/http-api/integrations/lambda-response.ts';
import { parseCompactJws } from '../../src/identity/jwt/compact-jws.ts';
import { jsonTextOf } from '../../src/management/request-body.ts';
import { parseLenientJson } from '../../src/template/lenient-json.ts';
import { jsonOf } from '../../src/template/print-value.ts';
import { parseStrictJson } from '../../src/template/strict-json.ts';
import { Budget, MAX_STEPS, TemplateError } from '../../src/template/values.ts';
import { MessageJson } from '../../src/websocket-api/message-json.ts';
import { ServiceError } from '../../src/wire/errors.ts';
import { parseJson } from '../../src/wire/json.ts';
import { suiteTest, Tally } from './corpus.ts';

/** What was read, as JSON text, made when it is asked for; undefined for what is refused. */
type Reader = (bytes: Buffer) => (() => string) | undefined;

const same = (text: string): string => JSON.stringify(JSON.parse(text));

function unless(isRefusal: (error: unknown) => boolean, reader: Reader): Reader {
  return (bytes) => {
    try {
      return reader(bytes);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  };
}

const isSyntaxError = (error: unknown): boolean => error instanceof SyntaxError;
const HEADER = Buffer.from('{"alg":"RS256"}').toString('base64url');

/** By what they read. Each decodes bytes as its callers do. */
const READERS: Readonly<Record<string, Reader>> = {
  'bodies of the management API': unless(
    (error) => error instanceof SyntaxError || error instanceof ServiceError,
    (bytes) => {
      const value = parseJson(jsonTextOf(bytes));
      return () => JSON.stringify(value);
    },
  ),
  'bodies that mappings read': (bytes) => {
    const place = findJson(bytes, []);
    return place === undefined ? undefined : () => same(bytes.toString('utf8', ...place));
  },
  'bodies that mappings read whole': (bytes) => {
    const { tree } = new JsonBody(bytes);
    return tree === undefined ? undefined : () => same(printJson(tree));
  },
  'messages of WebSocket clients': (bytes) => {
    // Text messages that are no UTF-8 do not get as far.
    const value = isUtf8(bytes) ? new MessageJson(bytes.toString('utf8')).value : undefined;
    return value === undefined ? undefined : () => same(jsonOf(value));
  },
  'messages that models check': unless(isSyntaxError, (bytes) => {
    const value = parseJson(bytes.toString('utf8'));
    return () => JSON.stringify(value);
  }),
  'payloads of templates, strictly': (bytes) => {
    const value = parseStrictJson(bytes.toString('utf8'));
    return value === undefined ? undefined : () => same(jsonOf(value));
  },
  'claims of tokens': (bytes) => {
    const payload = Buffer.concat([Buffer.from('{"c":'), bytes, Buffer.from('}')]).toString('base64url');
    const token = parseCompactJws(`${HEADER}.${payload}.AAAA`);
    return 'claims' in token ? () => same(printJson(token.claims.get('c')!)) : undefined;
  },
  'answers of functions': (bytes) => {
    const answer = readResponse('1.0', `{"statusCode":200,"body":"seen","c":${bytes.toString('utf8')}}`);
    return 'status' in answer ? () => same(bytes.toString('utf8')) : undefined;
  },
};

/** By reader and case: why it is not as the suite says. */
const DIFFERENCES: Readonly<Record<string, string>> = {};

suiteTest('JSON: nst/JSONTestSuite, every reader', 'json', (suite, t) => {
  const tally = new Tally();
  for (const name of suite.list().filter((each) => /^[yn]_.*\.json$/.test(each))) {
    const bytes = suite.bytes(name);
    for (const [what, reader] of Object.entries(READERS)) {
      const given = reader(bytes);
      tally.case(`${what}: ${name}`, (given !== undefined) === name.startsWith('y_'));
      if (given !== undefined && name.startsWith('y_')) {
        assert.equal(given(), same(bytes.toString('utf8')), `${what}: ${name}`);
      }
    }
  }
  assert.deepEqual(tally.surprises(t, DIFFERENCES), []);
});

suiteTest('JSON: what readers need not agree about ends with a value or a refusal', 'json', (suite, t) => {
  const tally = new Tally();
  for (const name of suite.list().filter((each) => each.startsWith('i_'))) {
    const bytes = suite.bytes(name);
    for (const [what, reader] of Object.entries(READERS)) {
      reader(bytes);
      tally.case(`${what}: ${name}`, true);
    }
  }
  assert.deepEqual(tally.surprises(t, {}), []);
});

suiteTest(
  'JSON: the permissive reader of templates takes all that is JSON, and ends with all',
  'json',
  (suite, t) => {
    const tally = new Tally();
    for (const name of suite.list().filter((each) => each.endsWith('.json'))) {
      const bytes = suite.bytes(name);
      const given = lenient(bytes.toString('utf8'));
      const isRight = !name.startsWith('y_') || given !== undefined;
      tally.case(name, isRight);
      if (name.startsWith('y_')) assert.equal(given?.(), same(bytes.toString('utf8')), name);
    }
    assert.deepEqual(tally.surprises(t, {}), []);
  },
);

function lenient(text: string): (() => string) | undefined {
  try {
    const value = parseLenientJson(text, new Budget(MAX_STEPS));
    return () => same(jsonOf(value));
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

suiteTest(
  'JSON: a path finds in a document what it finds in the same document beside another',
  'json',
  (suite, t) => {
    const tally = new Tally();
    const at = compileJsonPath([{ kind: 'member', name: 'c' }]);
    for (const name of suite.list().filter((each) => /^[yn]_.*\.json$/.test(each))) {
      const bytes = suite.bytes(name);
      const around = Buffer.concat([Buffer.from('{"a":1,"c":'), bytes, Buffer.from(',"d":2}')]);
      const found = at(new JsonBody(around));
      const value = name.startsWith('y_') ? (JSON.parse(bytes.toString('utf8')) as unknown) : null;
      tally.case(name, (found !== undefined) === (value !== null));
    }
    assert.deepEqual(tally.surprises(t, {}), []);
  },
);
