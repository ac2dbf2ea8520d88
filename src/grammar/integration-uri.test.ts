import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { GrammarError } from './grammar-error.ts';
import {
  type IntegrationUri,
  parseIntegrationUri,
  printIntegrationUri,
  type UriPart,
} from './integration-uri.ts';

const literal = (text: string): UriPart => ({ kind: 'literal', text });
const path = (name: string): UriPart => ({ kind: 'pathVariable', name });
const stage = (name: string): UriPart => ({ kind: 'stageVariable', name });

const uris: readonly [source: string, text: string, parts: readonly UriPart[]][] = [
  ['§3.2', 'https://ex.com', [literal('https://ex.com')]],
  ['§3.2', 'https://ex.com/petstore/{proxy}', [literal('https://ex.com/petstore/'), path('proxy')]],
  ['§3.2', 'https://ex.com/pets/ext/{petID}', [literal('https://ex.com/pets/ext/'), path('petID')]],
  ['§3.2', 'https://ex.com/foo?q=1', [literal('https://ex.com/foo?q=1')]],
  ['§3.2', 'http://${stageVariables.url}', [literal('http://'), stage('url')]],
  [
    '§3.2',
    'http://${stageVariables.sub}.example.com/r',
    [literal('http://'), stage('sub'), literal('.example.com/r')],
  ],
  [
    '§3.2',
    'http://example.com/${stageVariables.v}/bar',
    [literal('http://example.com/'), stage('v'), literal('/bar')],
  ],
  [
    '§3.2',
    'http://example.com/foo?q=${stageVariables.v}',
    [literal('http://example.com/foo?q='), stage('v')],
  ],
  ['§3.2', '${stageVariables.url}/x', [stage('url'), literal('/x')]],
  [
    '§3.2',
    'http://${stageVariables.a}:${stageVariables.b}/{c}',
    [literal('http://'), stage('a'), literal(':'), stage('b'), literal('/'), path('c')],
  ],
  ['§3.2', 'http://${stageVariables.base}{id}', [literal('http://'), stage('base'), path('id')]],
  ['§3.2', 'https://ex.com/a?id={id}', [literal('https://ex.com/a?id={id}')]],
  [
    '§3.2',
    'https://ex.com/{a}?b={c}&d=${stageVariables.e}{f}',
    [literal('https://ex.com/'), path('a'), literal('?b={c}&d='), stage('e'), literal('{f}')],
  ],
  ['§3.2', 'https://ex.com?}{ab', [literal('https://ex.com?}{ab')]],
  [
    '§3.2',
    'https://ex.com/${stageVariables.a}/{b}',
    [literal('https://ex.com/'), stage('a'), literal('/'), path('b')],
  ],
  ['§3.2', 'HTTP://[::1]:8080/a', [literal('HTTP://[::1]:8080/a')]],
  ['§3.2', 'http://127.0.0.1:65535', [literal('http://127.0.0.1:65535')]],
  ['§3.2(8)', 'https://ex.com/a#b', [literal('https://ex.com/a#b')]],
];
for (const [source, text, parts] of uris) {
  test(`${source}: ${text} is a URI`, () => {
    assert.deepEqual(parseIntegrationUri(text), { parts });
    assert.equal(printIntegrationUri({ parts }), text);
  });
}

const refused: readonly [why: string, text: string][] = [
  ['nothing', ''],
  ['no scheme', 'ex.com/a'],
  ['another scheme', 'ftp://ex.com'],
  ['an ARN', 'arn:aws:lambda:us-east-1:123456789012:function:f'],
  ['no host', 'https://'],
  ['no host', 'https:///a'],
  ['no host', 'https://?a'],
  ['no host', 'https://:8080/a'],
  ['a port that is none', 'https://ex.com:0/'],
  ['a port that is none', 'https://ex.com:65536/'],
  ['a port that is none', 'https://ex.com:x/'],
  ['user information', 'https://user:pass@ex.com/'],
  ['a path variable as host', 'https://{host}/a'],
  ['a path variable as host', 'https://{host}.ex.com/a'],
  ['a path variable as host', 'https://{host}${stageVariables.a}/'],
  ['a path variable as host', 'https://{host}.${stageVariables.a}'],
  ['a greedy sign', 'https://ex.com/{proxy+}'],
  ['an open brace', 'https://ex.com/{a'],
  ['an empty variable', 'https://ex.com/{}'],
  ['an unknown variable', 'https://ex.com/${foo}'],
  ['an unknown variable', 'https://ex.com/${context.stage}'],
  ['a name that is none', 'https://ex.com/${stageVariables.a-b}'],
  ['an unknown variable', 'https://ex.com/a?b=${foo}'],
  ['a name that is none', 'https://ex.com/a?b={c}${stageVariables.a-b}'],
  ['an open brace before the query', 'https://ex.com/{?a}'],
  ['a blank', 'https://ex.com/a?b c'],
  ['a blank', 'https://ex.com/a b'],
  ['a line end', 'https://ex.com/a\r\nX: y'],
  ['a character that ends as a line end in latin1', 'https://ex.com/\u010a'],
  ['no ASCII', 'https://ex.com/ä'],
  ['a quote', 'https://ex.com/"'],
  ['a backslash', 'https://ex.com\\a'],
];
for (const [why, text] of refused) {
  test(`management-api §2.3.2: ${JSON.stringify(text)} is refused: ${why}`, () => {
    assert.throws(() => parseIntegrationUri(text), {
      constructor: GrammarError,
      message: 'Invalid HTTP endpoint specified for URI',
    });
  });
}

const part = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9\-._~/@!&'()*+,;=%]{1,8}$/).map(literal),
  fc.stringMatching(/^[\w.:-]{1,8}$/).map(path),
  fc.stringMatching(/^\w{1,8}$/).map(stage),
);
const uri: fc.Arbitrary<IntegrationUri> = fc
  .tuple(
    fc.constantFrom(literal('https://ex.com/'), literal('http://[::1]:80/'), stage('url')),
    fc.array(part),
    fc.array(
      fc.oneof(
        fc.stringMatching(/^\?[A-Za-z0-9\-._~/?@!&'()*+,;=%{}]{0,8}$/).map(literal),
        fc.stringMatching(/^\w{1,8}$/).map(stage),
      ),
    ),
  )
  .map(([first, rest, query]) => ({
    parts: [first, ...rest, ...(query.length === 0 ? [] : [literal('?'), ...query])].reduce<UriPart[]>(
      (parts, next) => {
        const last = parts.at(-1);
        if (last?.kind === 'literal' && next.kind === 'literal')
          parts.splice(-1, 1, literal(last.text + next.text));
        else parts.push(next);
        return parts;
      },
      [],
    ),
  }));

test('a printed URI is parsed into itself', () => {
  fc.assert(
    fc.property(uri, (tree) => {
      assert.deepEqual(parseIntegrationUri(printIntegrationUri(tree)), tree);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('any text is a URI that prints as it is, or refused', () => {
  const pieces = [
    'http://',
    'https://',
    'ex.com',
    '/',
    '{',
    '}',
    '${',
    'stageVariables.',
    'a',
    '?',
    ':',
    '@',
    '\n',
    '$',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces)).map((chosen) => chosen.join('')),
    fc.array(fc.constantFrom(...pieces)).map((chosen) => `http://ex.com/${chosen.join('')}`),
  );
  fc.assert(
    fc.property(text, (given) => {
      let tree: IntegrationUri;
      try {
        tree = parseIntegrationUri(given);
      } catch (error) {
        assert.ok(error instanceof GrammarError);
        return;
      }
      assert.equal(printIntegrationUri(tree), given);
      assert.match(given, /^[\x21-\x7e]*$/);
    }),
    { numRuns: NUM_RUNS },
  );
});
