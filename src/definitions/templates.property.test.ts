// Laws of templates: one definition in two spellings is one, functions undo one another, graphs are what they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { plainOf } from '../tree/node.ts';
import { circleIn } from './circles.ts';
import { subnetsOf } from './evaluate/cidr.ts';
import { Evaluation } from './evaluate/evaluation.ts';
import { readTemplate } from './read-template.ts';
import { Sources } from './sources.ts';
import { load, propertiesOf } from './template.test.support.ts';

const name = fc.constantFrom('A', 'B', 'C');
const scalar = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean());

/** Property values with functions in them, that evaluate. */
const { node } = fc.letrec<{ node: unknown; text: unknown }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ maxLength: 12 }).map((text) => text.replace(/[${}]/g, '')),
    name.map((id) => ({ Ref: id })),
    name.map((id) => ({ 'Fn::GetAtt': [id, 'ApiId'] })),
    fc.array(name, { maxLength: 3 }).map((ids) => ({ 'Fn::Sub': ids.map((id) => `x\${${id}}`).join('-') })),
    fc.array(tie('text'), { maxLength: 3 }).map((items) => ({ 'Fn::Join': [',', items] })),
    fc
      .tuple(tie('text'), tie('text'), fc.boolean())
      .map(([a, b, yes]) => ({ 'Fn::If': [yes ? 'Yes' : 'No', a, b] })),
    tie('text').map((text) => ({ 'Fn::Base64': text })),
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('text'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(
      fc.string({ maxLength: 8 }).filter((key) => !/^(Ref|Condition|Fn::|<<)/.test(key)),
      tie('node'),
      { maxKeys: 3 },
    ),
  ),
}));

const templateOf = (value: unknown): unknown => ({
  Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Equals': ['a', 'b'] } },
  Resources: {
    A: { Type: 'T' },
    B: { Type: 'T' },
    C: { Type: 'T' },
    R: { Type: 'T', Properties: { V: value } },
  },
});

const valueIn = (text: string): unknown => (propertiesOf(load(text)) as { V: unknown }).V;
const evaluated = (value: unknown): unknown => valueIn(JSON.stringify(templateOf(value)));

test('JSON and YAML of one template are one template', () => {
  fc.assert(
    fc.property(node, fc.constantFrom('block' as const, 'flow' as const), (value, collectionStyle) => {
      const yaml = stringify(templateOf(value), { collectionStyle, aliasDuplicateObjects: false });
      assert.deepEqual(valueIn(yaml), evaluated(value));
    }),
    { numRuns: 150 },
  );
});

test('evaluating what has been evaluated changes nothing', () => {
  fc.assert(
    fc.property(node, (value) => {
      const once = evaluated(value);
      assert.deepEqual(evaluated(once), once);
    }),
    { numRuns: 150 },
  );
});

test('what has no functions is the same node', () => {
  const plain = fc.jsonValue({ maxDepth: 4 });
  const evaluation = new Evaluation(
    { mappings: new Map(), conditions: new Map() },
    {
      parameters: new Map(),
      resource: () => undefined,
      exported: () => undefined,
      resolved: () => undefined,
    },
  );
  fc.assert(
    fc.property(plain, (value) => {
      const tree = readTemplate({ name: 't', text: JSON.stringify({ value }) }, new Sources());
      assert.equal(evaluation.evaluate(tree), tree);
    }),
  );
});

test('a Sub without variables is its text', () => {
  const text = fc.string().filter((each) => !each.includes('${'));
  fc.assert(fc.property(text, (each) => assert.equal(evaluated({ 'Fn::Sub': each }), each)));
});

test('Join puts together what Split has split', () => {
  const delimiter = fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', ',', '|') });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ',', '|') });
  fc.assert(
    fc.property(delimiter, text, (by, each) => {
      assert.equal(evaluated({ 'Fn::Join': [by, { 'Fn::Split': [by, each] }] }), each);
    }),
  );
});

test('ToJsonString is JSON of what it is given', () => {
  const value = fc.oneof(
    fc.array(scalar),
    fc.dictionary(
      fc.string({ maxLength: 5 }).map((key) => `k${key}`),
      scalar,
    ),
  );
  fc.assert(
    fc.property(value, (each) => {
      assert.deepEqual(
        JSON.parse(String(evaluated({ 'Fn::ToJsonString': each }))),
        JSON.parse(JSON.stringify(each)),
      );
    }),
  );
});

test('Base64 is decoded to the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(Buffer.from(String(evaluated({ 'Fn::Base64': text })), 'base64').toString(), text);
    }),
  );
});

test('a loop has a copy for each item', () => {
  const items = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,4}$/), { maxLength: 6 });
  fc.assert(
    fc.property(items, items, (outer, inner) => {
      const copies = { 'R${P}X${Q}': { Type: 'T', Properties: { V: '${P}.${Q}' } } };
      const { template } = load(
        JSON.stringify({
          Resources: {
            A: { Type: 'T' },
            'Fn::ForEach::O': ['P', outer, { 'Fn::ForEach::I': ['Q', inner, copies] }],
          },
        }),
      );
      const expected = outer.flatMap((p) => inner.map((q) => [`R${p}X${q}`, `${p}.${q}`] as const));
      const made = [...template.resources.values()].slice(1);
      assert.deepEqual(
        made.map(({ logicalId, properties }) => [logicalId, (plainOf(properties) as { V: string }).V]),
        expected,
      );
    }),
  );
});

test('a graph has a circle exactly when it has no order', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const edges = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 10 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const graph = new Map(ids.map((id) => [id, pairs.filter(([from]) => from === id).map(([, to]) => to)]));
      const reachedFrom = (id: string): ReadonlySet<string> => {
        const reached = new Set<string>();
        const visit = (at: string): void => {
          for (const next of graph.get(at)!) {
            if (reached.has(next)) continue;
            reached.add(next);
            visit(next);
          }
        };
        visit(id);
        return reached;
      };
      const inCircles = ids.filter((id) => reachedFrom(id).has(id));
      const between = ids.filter(
        (id) =>
          inCircles.includes(id) ||
          (inCircles.some((circle) => reachedFrom(circle).has(id)) &&
            inCircles.some((circle) => reachedFrom(id).has(circle))),
      );
      assert.deepEqual(circleIn(graph), between);
    }),
    { numRuns: 300 },
  );
});

test('blocks of addresses lie one behind the other, from the start of the block on', () => {
  const block = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 24 }));
  fc.assert(
    fc.property(
      block,
      fc.integer({ min: 1, max: 256 }),
      fc.integer({ min: 0, max: 24 }),
      ([octet, prefix], count, bits) => {
        const blocks = subnetsOf(`10.${octet}.7.9/${prefix}`, count, bits);
        const fits = count * 2 ** bits <= 2 ** (32 - prefix);
        assert.equal(typeof blocks !== 'string', fits);
        if (typeof blocks === 'string') return;
        const starts = blocks.map((each) =>
          each
            .split('/')[0]!
            .split('.')
            .reduce((number, part) => number * 256 + Number(part), 0),
        );
        const whole = 2 ** (32 - prefix);
        const address = 10 * 2 ** 24 + octet * 2 ** 16 + 7 * 256 + 9;
        assert.deepEqual(
          starts,
          blocks.map((_, at) => address - (address % whole) + at * 2 ** bits),
        );
        assert.ok(blocks.every((each) => each.endsWith(`/${32 - bits}`)));
      },
    ),
  );
});
