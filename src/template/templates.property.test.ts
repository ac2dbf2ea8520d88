// Laws of templates: printing and parsing again gives the same tree; no text makes the engine throw anything but a
// TemplateError, or leave its bounds (spec/websocket-api.md §5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { compileTemplate } from './compile-template.ts';
import { testEnvironment } from './environment.test.support.ts';
import { parseTemplate } from './parse-template.ts';
import { printTemplate } from './print-template.ts';
import type { Block, Expression, Node, Reference } from './syntax.ts';
import { MAX_TEXT, TemplateError } from './values.ts';

/** Records as the parser makes them: with Object's prototype. */
const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { noNullPrototype: true });

const name = fc.constantFrom('a', 'item', 'context', 'stage-x', '_b1');
const property = fc.constantFrom('a', 'size', 'stage', 'stage-x', 'b1');
const plain = fc
  .string({
    unit: fc.constantFrom('x', ' ', '\n', '"', "'", '{', ']', '#', '.', '\\'),
    minLength: 1,
    maxLength: 8,
  })
  // What a raw block holds cannot be empty, and its end would end it.
  .filter((text) => text !== '');

const { expression, reference } = fc.letrec<{ expression: Expression; reference: Reference }>((tie) => ({
  reference: record({
    name,
    steps: fc.array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        record({ kind: fc.constant('property' as const), name: property }),
        record({
          kind: fc.constant('index' as const),
          index: fc.oneof(
            record({ kind: fc.constant('integer' as const), value: fc.bigInt({ min: -9n, max: 99n }) }),
            record({ kind: fc.constant('string' as const), text: plain }),
          ),
        }),
        record({
          kind: fc.constant('method' as const),
          name: property,
          args: fc.array(record({ kind: fc.constant('reference' as const), reference: tie('reference') }), {
            maxLength: 2,
          }),
        }),
      ),
      { maxLength: 3 },
    ),
  }),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    record({ kind: fc.constant('integer' as const), value: fc.bigInt({ min: -99n, max: 99n }) }),
    record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
    record({ kind: fc.constant('decimal' as const), value: fc.constantFrom(0.5, 1e9, -2.25) }),
    record({ kind: fc.constant('string' as const), text: plain }),
    record({ kind: fc.constant('reference' as const), reference: tie('reference') }),
    record({ kind: fc.constant('not' as const), of: tie('expression') }),
    record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom('||', '&&', '==', '!=', '<', '>', '<=', '>=', '+', '-', '*', '/', '%'),
      left: tie('expression'),
      right: tie('expression'),
    }),
  ),
}));

/** What #set can set: not what a method returns. */
const target = reference.filter(({ steps }) => steps.at(-1)?.kind !== 'method');
const expressionOfBreak = record({ kind: fc.constant('reference' as const), reference });

const { block } = fc.letrec<{ block: Block; node: Node }>((tie) => ({
  block: fc.array(tie('node'), { maxLength: 3 }).map(merged),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    record({ kind: fc.constant('text' as const), text: plain }),
    record({ kind: fc.constant('reference' as const), reference }),
    record({
      kind: fc.constant('set' as const),
      target: fc.option(target, { nil: undefined }),
      value: expression,
    }),
    record({
      kind: fc.constant('if' as const),
      branches: fc.array(record({ test: expression, block: tie('block') }), {
        minLength: 1,
        maxLength: 2,
      }),
      otherwise: fc.option(tie('block'), { nil: undefined }),
    }),
    record({
      kind: fc.constant('foreach' as const),
      name,
      over: record({ kind: fc.constant('reference' as const), reference }),
      block: tie('block'),
    }),
    record({
      kind: fc.constant('define' as const),
      name: fc.option(name, { nil: undefined }),
      block: tie('block'),
    }),
    record({
      kind: fc.constant('macro' as const),
      name: fc.constantFrom('m', 'other_2'),
      parameters: fc.array(fc.option(name, { nil: undefined }), { maxLength: 2 }),
      block: tie('block'),
    }),
    record({
      kind: fc.constant('evaluate' as const),
      source: fc.oneof(
        record({ kind: fc.constant('string' as const), text: plain }),
        record({ kind: fc.constant('reference' as const), reference }),
      ),
    }),
    record({ kind: fc.constant('break' as const), scope: fc.option(expressionOfBreak, { nil: undefined }) }),
    fc.constant({ kind: 'stop' as const }),
  ),
}));

/** Texts next to each other are one. */
function merged(nodes: readonly Node[]): Block {
  const out: Node[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') {
      out[out.length - 1] = { kind: 'text', text: last.text + node.text };
    } else out.push(node);
  }
  return out;
}

test('parse(print(tree)) is the tree', () => {
  fc.assert(
    fc.property(block, (tree) => {
      assert.deepEqual(parseTemplate(printTemplate(tree)).block, tree);
    }),
    { numRuns: NUM_RUNS },
  );
});

const pieces = [
  ...[
    '#set(',
    '#if(',
    '#elseif(',
    '#else',
    '#end',
    '#foreach($x in ',
    '#define($b)',
    '#macro(m $p)',
    '#m(',
    '#stop',
  ],
  ...[
    '#evaluate(',
    '#[[',
    ']]#',
    '##',
    '#*',
    '*#',
    '$',
    '${',
    '$!',
    '}',
    ')',
    '(',
    '[',
    ']',
    '"',
    "'",
    '\\',
    '\n',
  ],
  ...[
    '$x',
    '$b',
    '$input',
    '.json(',
    '.path(',
    '.params(',
    '"$.items[*].id"',
    '$context',
    '.stage',
    '.authorizer',
  ],
  ...[
    '$util',
    '.escapeJavaScript(',
    '.parseJson(',
    '.base64Decode(',
    '.split("-")',
    '.replaceAll("a", "b")',
    '.size()',
  ],
  ...[
    '[1..5]',
    '{"k": 1}',
    ' = ',
    ' + ',
    ' == ',
    ' && ',
    '1',
    '-1',
    '2.5',
    'true',
    ' not ',
    'text',
    ' ',
    ',',
    '.',
  ],
];

test('generated templates neither crash nor leave their bounds', () => {
  let rendered = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (parts) => {
      try {
        const output = compileTemplate(parts.join('')).render(testEnvironment());
        rendered++;
        assert.ok(output.length <= MAX_TEXT);
      } catch (error) {
        assert.ok(error instanceof TemplateError, `${parts.join('')}: ${String(error)}`);
      }
    }),
    { numRuns: NUM_RUNS },
  );
  assert.ok(rendered > NUM_RUNS / 10, `${rendered} of them could be rendered`);
});

test('generated trees are rendered, or fail as templates fail', () => {
  fc.assert(
    fc.property(block, (tree) => {
      try {
        compileTemplate(printTemplate(tree)).render(testEnvironment());
      } catch (error) {
        assert.ok(error instanceof TemplateError, String(error));
      }
    }),
    { numRuns: NUM_RUNS },
  );
});
